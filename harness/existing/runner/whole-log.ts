/** A log that broke off is asked for again after this long at the latest. */
const reopenMs = 1000;

export interface LogSource {
  /** From its beginning; nothing where there is none, or none yet. */
  open: () => Promise<AsyncIterable<string> | string[]>;
  /** Whether whoever writes it has ended. */
  isOver: () => boolean;
  /** Waits for that, so long at the most. */
  untilOver: (limitMs: number) => Promise<unknown>;
}

/** Every line of a container's log once, to its end. */
export async function* wholeLog({ open, isOver, untilOver }: LogSource): AsyncGenerator<string> {
  let seen = 0;
  for (;;) {
    const wasOver = isOver();
    let at = 0;
    for await (const line of await open()) {
      at += 1;
      if (at <= seen) continue;
      seen = at;
      yield line;
    }
    // What was read after the end is all that there is. Otherwise the stream may have broken off.
    if (wasOver) return;
    await untilOver(reopenMs);
  }
}
