/**
 * The entry point of the image with faults: the production controller with the fault that FAULT names in its pipeline. With RECORD set
 * it says what its translations were given since it was asked to note it (`/recording`).
 */
import { RouteproofError } from '../../common/errors.ts';
import { healthyPipeline } from '../pipeline.ts';
import { ApiClient, inClusterConfig } from '../provider/api-client.ts';
import { recorded } from '../replay/recorded.ts';
import { startController } from '../start.ts';
import { annotator } from './annotate.ts';
import { findFault } from './catalog.ts';
import { faulty } from './pipeline.ts';

try {
  const fault = findFault(process.env['FAULT'] ?? '');
  startController((refresh) => {
    const hooks = fault.hooks({
      refreshAfter: (ms) => void setTimeout(refresh, ms).unref(),
      now: () => performance.now(),
      annotate: annotator(new ApiClient(inClusterConfig(process.env)), (message) =>
        process.stderr.write(`an annotation could not be written: ${message}\n`),
      ),
    });
    const pipeline = faulty(healthyPipeline(), hooks);
    return process.env['RECORD'] === undefined ? pipeline : recorded(pipeline, { begins: 'when-asked' });
  });
} catch (error) {
  if (!(error instanceof RouteproofError)) throw error;
  process.stderr.write(`gateway-faults: ${error.message}\n`);
  process.exitCode = 2;
}
