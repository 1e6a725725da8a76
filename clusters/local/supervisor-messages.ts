import type { ErrorCode } from '../../common/errors.ts';

/** Its end tells the supervisor that the caller is gone, unless the caller has said `detachWord` before. */
export const lifelineFd = 3;
export const detachWord = 'detach';
/** One JSON message a line, from the supervisor to the caller of up(). */
export const messageFd = 4;

export type SupervisorMessage =
  | { type: 'progress'; line: string }
  | { type: 'answers' }
  | { type: 'ready'; versions: Record<string, string> }
  | { type: 'failed'; code: ErrorCode; message: string };
