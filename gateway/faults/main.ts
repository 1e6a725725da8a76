/** The entry point of the image with faults: the production controller with the fault that FAULT names in its pipeline. */
import { RouteproofError } from '../../common/errors.ts';
import { ApiClient, inClusterConfig } from '../provider/api-client.ts';
import { startController } from '../start.ts';
import { Translator } from '../translate/translator.ts';
import { annotator } from './annotate.ts';
import { findFault } from './catalog.ts';
import { faulty } from './pipeline.ts';

try {
  const fault = findFault(process.env['FAULT'] ?? '');
  const translator = new Translator();
  startController((refresh) =>
    faulty(
      { translate: (input) => translator.translate(input), toXds: (ir, delta) => delta.changes(ir) },
      fault.hooks({
        refreshAfter: (ms) => void setTimeout(refresh, ms).unref(),
        now: () => performance.now(),
        annotate: annotator(new ApiClient(inClusterConfig(process.env)), (message) =>
          process.stderr.write(`an annotation could not be written: ${message}\n`),
        ),
      }),
    ),
  );
} catch (error) {
  if (!(error instanceof RouteproofError)) throw error;
  process.stderr.write(`gateway-faults: ${error.message}\n`);
  process.exitCode = 2;
}
