import { Metadata } from '@grpc/grpc-js';
import { dialled, directly, type Reach } from '../reach/reach.ts';
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

interface Question {
  nonce: string;
  answer: (calls: Received[]) => void;
  fail: (error: unknown) => void;
}

/** What waits to be asked of one pod, while it answers the questions before. */
interface Queue {
  waiting: Question[];
  isAsking: boolean;
}

/** Asks echo pods what they have received: one request at a time to a pod, with all that has come up meanwhile. */
export class Ledger {
  readonly #channels = new Channels();
  readonly #protos: Protos;
  readonly #reach: Reach;
  readonly #queues = new Map<string, Queue>();

  constructor(protos: Protos, reach = directly) {
    this.#protos = protos;
    this.#reach = reach;
  }

  /** @throws Error - the pod does not answer: nothing can be said about what it received */
  seen(pod: EchoPod, nonce: string): Promise<Received[]> {
    return new Promise((answer, fail) => {
      const queue = this.#queues.get(pod.pod) ?? { waiting: [], isAsking: false };
      this.#queues.set(pod.pod, queue);
      queue.waiting.push({ nonce, answer, fail });
      if (!queue.isAsking) void this.#empty(pod, queue);
    });
  }

  close(): void {
    this.#channels.close();
  }

  async #empty(pod: EchoPod, queue: Queue): Promise<void> {
    queue.isAsking = true;
    // Questions of the same turn go together.
    await Promise.resolve();
    while (queue.waiting.length > 0) {
      const questions = queue.waiting.splice(0, mostAtOnce);
      try {
        const seen = await this.#ask(pod, questions);
        for (const [index, { answer }] of questions.entries()) answer(seen[index]?.calls ?? []);
      } catch (error) {
        for (const { fail } of questions) fail(error);
      }
    }
    queue.isAsking = false;
  }

  async #ask(pod: EchoPod, questions: readonly Question[]): Promise<{ calls?: Received[] }[]> {
    const place = { address: pod.address, port: pod.port };
    const target = { ...place, ...(await dialled(this.#reach, place, 'pod')) };
    const answer = await exchange(this.#channels.get(target), {
      method: this.#protos.method('routeproof.v1.Ledger/Seen'),
      messages: [{ nonces: questions.map(({ nonce }) => nonce) }],
      metadata: new Metadata(),
      deadlineMs: 10_000,
    });
    if (answer.status !== 0) {
      throw new Error(`echo pod ${pod.pod} does not tell what it received: ${answer.message}`);
    }
    const seen = (answer.responses[0]?.['seen'] ?? []) as { calls?: Received[] }[];
    if (seen.length === questions.length) return seen;
    throw new Error(
      `echo pod ${pod.pod} was asked for ${String(questions.length)} nonces and told of ${String(seen.length)}: is its image of this version?`,
    );
  }
}

/** About 1 kB a call that was seen: a few hundred kB an answer. */
const mostAtOnce = 400;
