import type { CallAnswer, CallTarget } from './grpc-call.ts';
import { grpcCall } from './grpc-call.ts';
import type { Connections } from './connections.ts';

export interface Served {
  /** When the answer that showed it had come, on the clock of performance.now(). */
  atMs: number;
  calls: number;
}

export interface ProbeOptions {
  connections: Connections;
  target: CallTarget;
  /** Whether only the awaited configuration can have given this answer. */
  shows: (answer: CallAnswer) => boolean;
  limitMs: number;
  signal: AbortSignal;
  /** Until it settles only every `patientIntervalMs` is called: the API server is at work on the write that is to be seen. */
  written?: Promise<unknown>;
  /** Between two calls, instead of `probeIntervalMs`. */
  intervalMs?: number;
}

/** Between two calls. */
export const probeIntervalMs = 1;
/** As long as nothing can be seen yet, unless a gateway is served before the writer is answered: it is seen this much late, then. */
const patientIntervalMs = 5;
/** Of a gateway that answers nothing any more; more of them would only be a queue. */
const mostInFlight = 50;

/**
 * Calls once a millisecond until an answer shows what is awaited, and keeps what it needs to say how well it looked. Calls cost CPU, of which
 * a write that is waited for has the more, the fewer there are meanwhile.
 */
export class Probe {
  /** Milliseconds between two calls, of all waits so far; of those before a write was answered what they were late. */
  readonly gapsMs: number[] = [];
  /** Milliseconds that calls took, of all waits so far. */
  readonly callsMs: number[] = [];

  /** @returns undefined when it was not shown within the limit @throws the signal's reason when it is aborted */
  async until({
    connections,
    target,
    shows,
    limitMs,
    signal,
    written = Promise.resolve(),
    intervalMs = probeIntervalMs,
  }: ProbeOptions): Promise<Served | undefined> {
    signal.throwIfAborted();
    const startedMs = performance.now();
    let calls = 0;
    let inFlight = 0;
    let lastMs: number | undefined;
    let patient = true;
    let allowedMs = 0;
    const hurry = (): void => void (patient = false);
    written.then(hurry, hurry);
    return new Promise((resolve, reject) => {
      const end = (settle: () => void): void => {
        clearInterval(timer);
        signal.removeEventListener('abort', aborted);
        settle();
      };
      const aborted = (): void => end(() => reject(signal.reason as Error));
      const call = async (): Promise<void> => {
        const session = connections.next();
        if (session === undefined || inFlight >= mostInFlight) return;
        inFlight += 1;
        calls += 1;
        const answer = await grpcCall(session, target);
        inFlight -= 1;
        this.callsMs.push(answer.endedAtMs - answer.sentAtMs);
        if (shows(answer)) end(() => resolve({ atMs: answer.endedAtMs, calls }));
      };
      const tick = (): void => {
        const now = performance.now();
        if (now - startedMs > limitMs) {
          end(() => resolve(undefined));
          return;
        }
        if (patient && lastMs !== undefined && now - lastMs < patientIntervalMs) return;
        if (lastMs !== undefined) this.gapsMs.push(Math.max(0, now - lastMs - allowedMs));
        lastMs = now;
        // What it waits on purpose is no lateness.
        allowedMs = patient ? patientIntervalMs : 0;
        void call();
      };
      const timer = setInterval(tick, intervalMs);
      signal.addEventListener('abort', aborted);
      tick();
    });
  }
}
