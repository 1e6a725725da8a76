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
}

/** Between two calls. */
export const probeIntervalMs = 1;
/** Of a gateway that answers nothing any more; more of them would only be a queue. */
const mostInFlight = 50;

/** Calls once a millisecond until an answer shows what is awaited, and keeps what it needs to say how well it looked. */
export class Probe {
  /** Milliseconds between two calls, of all waits so far. */
  readonly gapsMs: number[] = [];
  /** Milliseconds that calls took, of all waits so far. */
  readonly callsMs: number[] = [];

  /** @returns undefined when it was not shown within the limit @throws the signal's reason when it is aborted */
  async until({ connections, target, shows, limitMs, signal }: ProbeOptions): Promise<Served | undefined> {
    signal.throwIfAborted();
    const startedMs = performance.now();
    let calls = 0;
    let inFlight = 0;
    let lastMs: number | undefined;
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
        if (lastMs !== undefined) this.gapsMs.push(now - lastMs);
        lastMs = now;
        void call();
      };
      const timer = setInterval(tick, probeIntervalMs);
      signal.addEventListener('abort', aborted);
      tick();
    });
  }
}
