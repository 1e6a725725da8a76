import type { Socket } from 'node:net';

/**
 * Destroys the sockets once nothing has come out of any of them for a while and all that came has been taken. On a machine so busy that
 * its timers are late, what a program wrote last may wait in the pipe for longer than that: each look is at what the poll after the timer has read.
 *
 * @returns ends the watch, which otherwise ends with that
 */
export function destroyWhenQuiet(sockets: readonly Socket[], quietMs: number): () => void {
  let read = bytesOf(sockets);
  const timer = setInterval(() => {
    setImmediate(() => {
      const now = bytesOf(sockets);
      const isQuiet = now === read && sockets.every(({ readableLength }) => readableLength === 0);
      read = now;
      if (!isQuiet) return;
      clearInterval(timer);
      for (const socket of sockets) socket.destroy();
    });
  }, quietMs);
  return () => clearInterval(timer);
}

function bytesOf(sockets: readonly Socket[]): number {
  return sockets.reduce((sum, { bytesRead }) => sum + bytesRead, 0);
}
