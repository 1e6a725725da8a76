import { Metadata } from '@grpc/grpc-js';
import { Channels } from './channels.ts';
import type { Protos } from './protos.ts';
import type { Received } from './received.ts';
import { exchange } from './wire.ts';

/** A shared echo pod, dialled directly. */
export interface EchoPod {
  /** Name of its Deployment: echo-1. */
  deployment: string;
  pod: string;
  address: string;
  port: number;
}

/** Asks echo pods what they have received. */
export class Ledger {
  readonly #channels = new Channels();
  readonly #protos: Protos;

  constructor(protos: Protos) {
    this.#protos = protos;
  }

  /** @throws Error - the pod does not answer: nothing can be said about what it received */
  async seen(pod: EchoPod, nonce: string): Promise<Received[]> {
    const answer = await exchange(this.#channels.get({ address: pod.address, port: pod.port }), {
      method: this.#protos.method('routeproof.v1.Ledger/Seen'),
      messages: [{ nonce }],
      metadata: new Metadata(),
      deadlineMs: 10_000,
    });
    if (answer.status !== 0) {
      throw new Error(`echo pod ${pod.pod} does not tell what it received: ${answer.message}`);
    }
    return (answer.responses[0]?.['calls'] ?? []) as Received[];
  }

  close(): void {
    this.#channels.close();
  }
}
