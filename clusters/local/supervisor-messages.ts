import type { ErrorCode } from '../../common/errors.ts';

/** The supervisor reads nothing from it: its end tells that the caller is gone. */
export const lifelineFd = 3;
/** One JSON message a line, from the supervisor to the caller of up(). */
export const messageFd = 4;

export type SupervisorMessage =
  | { type: 'progress'; line: string }
  | { type: 'ready'; versions: Record<string, string> }
  | { type: 'failed'; code: ErrorCode; message: string };
