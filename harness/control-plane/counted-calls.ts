import { Client, credentials, Metadata } from '@grpc/grpc-js';
import { dialName } from '../rpc/target.ts';
import { statusName } from '../rpc/status-names.ts';
import { probePath } from './routes.ts';

export interface CallOptions {
  address: string;
  port: number;
  authority: string;
  /** What is wrong with the answer to a call that ended OK, in a few words; undefined when it is right. */
  judge?: (answer: Buffer) => string | undefined;
}

/** A call that takes longer is lost to whoever made it. */
const deadlineMs = 5_000;

/**
 * Calls with a gRPC library, as clients do: what such a library tries again by itself (once, a call on a connection that was being closed,
 * which no backend has seen) is no loss, and nothing else is tried again.
 */
export class CountedCalls {
  calls = 0;
  /** Of calls that were lost: how often in which way. */
  readonly codes: Record<string, number> = {};
  /** When the last lost call ended, on the clock of performance.now(); undefined while none was. */
  lastLossMs: number | undefined;
  readonly #options: CallOptions;
  readonly #client: Client;

  constructor(options: CallOptions) {
    this.#options = options;
    this.#client = new Client(dialName(options), credentials.createInsecure(), {
      'grpc.default_authority': options.authority,
      'grpc.use_local_subchannel_pool': 1,
      'grpc.initial_reconnect_backoff_ms': 100,
      'grpc.max_reconnect_backoff_ms': 250,
    });
  }

  get lost(): number {
    return Object.values(this.codes).reduce((sum, count) => sum + count, 0);
  }

  close(): void {
    this.#client.close();
  }

  /** Makes a call and counts it. Throws nothing. */
  call(): Promise<void> {
    this.calls += 1;
    return new Promise((resolve) => {
      const same = (bytes: Buffer): Buffer => bytes;
      this.#client.makeUnaryRequest(
        probePath,
        same,
        same,
        Buffer.alloc(0),
        new Metadata(),
        { deadline: Date.now() + deadlineMs },
        (error, answer) => {
          const code = error?.code ?? 0;
          if (code !== 0) this.#lose(statusName(code));
          else {
            const wrong = this.#options.judge?.(answer ?? Buffer.alloc(0));
            if (wrong !== undefined) this.#lose(wrong);
          }
          resolve();
        },
      );
    });
  }

  #lose(how: string): void {
    this.codes[how] = (this.codes[how] ?? 0) + 1;
    this.lastLossMs = performance.now();
  }
}
