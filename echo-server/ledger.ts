import type { Received } from './messages.ts';

/** Remembers the latest calls by nonce; past `limit` calls the nonce seen first is forgotten. */
export class Ledger<T = Received> {
  readonly #byNonce = new Map<string, T[]>();
  readonly #limit: number;
  #size = 0;

  /** 10,000 calls of about 1 kB each: far more than one conformance run makes per pod. */
  constructor(limit = 10_000) {
    this.#limit = limit;
  }

  record(nonce: string, call: T): void {
    const calls = this.#byNonce.get(nonce);
    if (calls === undefined) this.#byNonce.set(nonce, [call]);
    else calls.push(call);
    this.#size += 1;
    while (this.#size > this.#limit) this.#forgetOldest();
  }

  seen(nonce: string): readonly T[] {
    return this.#byNonce.get(nonce) ?? [];
  }

  /** Drops single calls of the oldest nonce, so that one nonce alone cannot grow past the limit either. */
  #forgetOldest(): void {
    const oldest = this.#byNonce.entries().next().value;
    if (oldest === undefined) return;
    const [nonce, calls] = oldest;
    calls.shift();
    this.#size -= 1;
    if (calls.length === 0) this.#byNonce.delete(nonce);
  }
}
