/**
 * The entry point of the instrumented gateway: the production controller. With RECORD set it says what its translations were given
 * (`/recording`), and which mutants its code has come by (`/reached`).
 */
import { healthyPipeline } from '../pipeline.ts';
import { recorded } from '../replay/recorded.ts';
import { startController } from '../start.ts';
import { reached } from './switches.ts';

const isRecorded = process.env['RECORD'] !== undefined;
startController(() =>
  isRecorded
    ? recorded(healthyPipeline(), {
        begins: 'at-once',
        answers: { '/reached': () => JSON.stringify(reached()) },
      })
    : healthyPipeline(),
);
