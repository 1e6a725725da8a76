import { messageOf, RouteproofError } from '../../common/errors.ts';

/** Whether an error of the file system, or of what a program has said about one, is that there is no room. */
export function isDiskFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOSPC' || code === 'EDQUOT' || /no space left on device/i.test(error.message);
}

/** Of what is written below the directory of the state; an error that says so already stays as it is. */
export function diskFull(dir: string, cause: unknown): RouteproofError {
  if (cause instanceof RouteproofError && cause.code === 'DISK_FULL' && cause.object === dir) return cause;
  return new RouteproofError('DISK_FULL', 'no space is left for the state of the cluster', {
    object: dir,
    seen: messageOf(cause),
    hint: 'make room there, or set ROUTEPROOF_STATE to a directory elsewhere',
    cause,
  });
}
