import type { Logger } from 'pino';
import { messageOf } from '../../common/errors.ts';
import { ApiStatusError } from './api-client.ts';

const retryMs = 1000;

/**
 * What follows a write that the API server did not take. Of an object that has changed or gone meanwhile nothing: its newer version
 * is on its way, and with it the next try.
 *
 * @param of.what - for the log: `a status`
 * @param of.failed - called a second later when no watch event will follow
 */
export function afterFailedWrite(
  error: unknown,
  { object, what, log, failed }: { object: string; what: string; log: Logger; failed: () => void },
): void {
  if (error instanceof ApiStatusError && (error.code === 409 || error.code === 404)) {
    log.debug({ object, error: error.message }, `the object changed before ${what} was written`);
    return;
  }
  log.warn({ object, error: messageOf(error) }, `${what} cannot be written: trying again`);
  setTimeout(failed, retryMs).unref();
}
