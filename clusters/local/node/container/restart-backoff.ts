/** As a kubelet: the first restart at once, then after 10 s, doubled each time up to 5 min, forgotten after 10 min without one. */
const initialMs = 10_000;
const maxMs = 300_000;
const forgetAfterMs = 2 * maxMs;

/** How long a container that ended waits for its next start. */
export class RestartBackoff {
  #nextMs = 0;
  #lastEndMs = -Infinity;

  /** @param endedAtMs - when the program ended @returns milliseconds to wait from then on */
  next(endedAtMs: number): number {
    if (endedAtMs - this.#lastEndMs > forgetAfterMs) this.#nextMs = 0;
    const waitMs = this.#nextMs;
    this.#nextMs = waitMs === 0 ? initialMs : Math.min(waitMs * 2, maxMs);
    this.#lastEndMs = endedAtMs + waitMs;
    return waitMs;
  }
}

/** The form of kubelet's messages: 10s, 1m20s, 5m0s. */
export function formatBackoff(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}
