/** The entry point of the image with faults: the production controller with the fault that FAULT names in its pipeline. */
import { RouteproofError } from '../../common/errors.ts';
import { startController } from '../start.ts';
import { Translator } from '../translate/translator.ts';
import { toXds } from '../xds/to-xds.ts';
import { findFault } from './catalog.ts';
import { faulty } from './pipeline.ts';

try {
  const fault = findFault(process.env['FAULT'] ?? '');
  const translator = new Translator();
  startController((refresh) =>
    faulty(
      { translate: (input) => translator.translate(input), toXds },
      fault.hooks({
        refreshAfter: (ms) => void setTimeout(refresh, ms).unref(),
        now: () => performance.now(),
      }),
    ),
  );
} catch (error) {
  if (!(error instanceof RouteproofError)) throw error;
  process.stderr.write(`gateway-faults: ${error.message}\n`);
  process.exitCode = 2;
}
