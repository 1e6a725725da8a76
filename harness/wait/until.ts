import type { KubeObject } from '../kube/objects.ts';
import type { Clock } from './clock.ts';

/** What a wait needs of a watch. */
export interface ObjectSource {
  current(): KubeObject | undefined;
  /** Calls back on every change; returns how to stop that. */
  listen(changed: () => void): () => void;
}

export interface UntilOptions {
  limitMs: number;
  graceMs: number;
  clock: Clock;
  signal: AbortSignal;
}

export interface UntilOutcome {
  verdict: 'pass' | 'slow' | 'wrong';
  object: KubeObject | undefined;
  tookMs: number;
}

/** Waits until `ready` holds; no polling: it is asked again on every change that the watch reports. */
export async function untilReady(
  source: ObjectSource,
  ready: (object: KubeObject | undefined) => boolean,
  options: UntilOptions,
): Promise<UntilOutcome> {
  const { clock, signal } = options;
  signal.throwIfAborted();
  const start = clock.now();
  if (ready(source.current())) return { verdict: 'pass', object: source.current(), tookMs: 0 };
  const ended = new AbortController();
  const stop = AbortSignal.any([ended.signal, signal]);
  const changed = new Promise<boolean>((resolve, reject) => {
    const unlisten = source.listen(() => {
      try {
        if (ready(source.current())) resolve(true);
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
    stop.addEventListener('abort', unlisten);
  });
  const expired = clock.sleep(options.limitMs + options.graceMs, stop).then(() => false);
  try {
    const isReady = await Promise.race([changed, expired]);
    signal.throwIfAborted();
    const tookMs = clock.now() - start;
    if (!isReady) return { verdict: 'wrong', object: source.current(), tookMs };
    return { verdict: tookMs <= options.limitMs ? 'pass' : 'slow', object: source.current(), tookMs };
  } finally {
    ended.abort();
  }
}
