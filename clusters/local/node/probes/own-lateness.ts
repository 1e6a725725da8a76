/** Lateness of a timer below this is what any program sees, in milliseconds. */
const usualMs = 20;
/** However late this process is, an answer is waited for no longer than that many times what was asked for. */
const most = 10;

/**
 * Calls `expired` after `ms` milliseconds that this process was awake for: a timer that comes late finds answers that came in time
 * and were not read yet, and a program must not be called hung for that. @returns ends the wait
 */
export function afterAwake(ms: number, expired: () => void): () => void {
  const lastAt = performance.now() + ms * most;
  let dueAt = performance.now() + ms;
  let timer: NodeJS.Timeout;
  const wait = (): void => {
    timer = setTimeout(
      () => {
        const now = performance.now();
        const lateMs = now - dueAt;
        if (lateMs < usualMs || now >= lastAt) {
          expired();
          return;
        }
        dueAt = Math.min(now + lateMs, lastAt);
        wait();
      },
      Math.max(0, dueAt - performance.now()),
    );
  };
  wait();
  return () => clearTimeout(timer);
}
