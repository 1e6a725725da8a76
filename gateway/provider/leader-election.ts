import type { Logger } from 'pino';
import { messageOf } from '../../common/errors.ts';
import { objectKey } from '../../common/object-key.ts';
import type { ApiClient } from './api-client.ts';
import { LeaseRequests, leaseSeconds } from './lease.ts';
import type { Lease } from './lease.ts';
import { realLeaseClock } from './lease-clock.ts';
import type { LeaseClock } from './lease-clock.ts';
import { ObjectStore } from './object-store.ts';
import { Reflector } from './reflector.ts';

export interface LeaderElectionOptions {
  client: ApiClient;
  /** Of the Lease in the controller's namespace. */
  name: string;
  /** This replica. A container that starts again in the same pod has the same one, and goes on as what it was. */
  identity: string;
  /** Called with the identity of the leader, which may be this one, whenever it is another; undefined: nobody, as far as is known. */
  changed: (leader: string | undefined) => void;
  log: Logger;
  clock?: LeaseClock;
}

/** As client-go's defaults. A holder that cannot renew stops before another may take over, so that there are never two. */
const renewDeadlineMs = 10_000;
const retryMs = 2000;

/**
 * Who of several replicas writes: the holder of a Lease, by the rules of client-go's leaderelection. It differs in that a replica
 * that waits does not ask every two seconds, but watches the Lease: one that was let go is taken over at once.
 */
export class LeaderElection {
  readonly #options: LeaderElectionOptions;
  readonly #requests: LeaseRequests;
  readonly #clock: LeaseClock;
  readonly #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();
  /** As it was written last, while this replica leads. */
  #held: Lease | undefined;
  #leader: string | undefined;

  constructor(options: LeaderElectionOptions) {
    this.#options = options;
    this.#requests = new LeaseRequests(options.client, options.name, options.identity);
    this.#clock = options.clock ?? realLeaseClock;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Ends it. A Lease that is held is let go, so that another replica need not wait for its end. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    const held = this.#held;
    if (held === undefined) return;
    this.#hold(undefined);
    await this.#try(this.#requests.release(held), 'the Lease cannot be let go');
  }

  async #run(): Promise<void> {
    const { log, name } = this.#options;
    // A fresh cluster has no Lease: one request makes it, and this replica leads.
    let lease = await this.#try(this.#requests.create(), 'the Lease cannot be made');
    for (;;) {
      lease ??= await this.#acquire();
      if (lease === undefined) return;
      this.#hold(lease);
      log.info({ lease: name }, 'this replica leads');
      await this.#keep(lease);
      if (this.#stop.signal.aborted) return;
      this.#hold(undefined);
      log.warn({ lease: name }, 'this replica does not lead any more');
      lease = undefined;
    }
  }

  /** Watches the Lease until this replica holds it. @returns undefined when stopped before */
  async #acquire(): Promise<Lease | undefined> {
    const { client, log, name } = this.#options;
    let changed = Promise.withResolvers<undefined>();
    const tell = (): void => {
      changed.resolve(undefined);
      changed = Promise.withResolvers<undefined>();
    };
    const store = new ObjectStore<Lease>({ changed: tell });
    const selector = `fieldSelector=metadata.name%3D${name}`;
    const reflector = new Reflector({ client, path: this.#requests.collection, selector, store, log });
    const now = (): Lease | undefined => store.get(objectKey(client.config.namespace, name));
    const listed = changed.promise;
    void reflector.start().then(tell);
    await this.#wait(Infinity, listed);
    try {
      for (let seen = now(), seenAt = this.#clock.now(); !this.#stop.signal.aborted;) {
        const next = changed.promise;
        const freeAt = seenAt + this.#lastsMs(seen);
        const isDue = this.#clock.now() >= freeAt;
        const taken = isDue ? await this.#take(seen) : undefined;
        if (taken !== undefined) return taken;
        // Somebody else was faster, which the watch will tell; or the API server does not answer.
        await this.#wait(isDue ? this.#clock.now() + retryMs : freeAt, next);
        if (now() !== seen) [seen, seenAt] = [now(), this.#clock.now()];
      }
      return undefined;
    } finally {
      reflector.stop();
    }
  }

  /** For how long the Lease, when it is seen to change, is not this replica's to take. */
  #lastsMs(lease: Lease | undefined): number {
    const { holderIdentity = '', leaseDurationSeconds = leaseSeconds } = lease?.spec ?? {};
    const isFree = holderIdentity === '' || holderIdentity === this.#options.identity;
    this.#setLeader(isFree ? undefined : holderIdentity);
    return isFree ? 0 : leaseDurationSeconds * 1000;
  }

  #take(lease: Lease | undefined): Promise<Lease | undefined> {
    const request = lease === undefined ? this.#requests.create() : this.#requests.take(lease);
    return this.#try(request, 'the Lease cannot be taken');
  }

  /** Renews the Lease until it is another's, or could not be renewed for too long. */
  async #keep(first: Lease): Promise<void> {
    const { signal } = this.#stop;
    let [lease, renewedAt] = [first, this.#clock.now()];
    for (;;) {
      await this.#clock.until(this.#clock.now() + retryMs, signal);
      if (signal.aborted) return;
      const startedAt = this.#clock.now();
      const endsAt = renewedAt + renewDeadlineMs;
      const request = this.#try(this.#requests.renew(lease), 'the Lease cannot be renewed');
      const renewed = await this.#inTime(endsAt, request);
      if (renewed === 'lost' || (renewed === undefined && this.#clock.now() >= endsAt)) return;
      if (renewed !== undefined) [lease, renewedAt, this.#held] = [renewed, startedAt, renewed];
    }
  }

  /** A request that hangs must not keep the leadership. */
  async #inTime<T>(deadlineMs: number, request: Promise<T>): Promise<T | undefined> {
    const over = new AbortController();
    const late = this.#clock.until(deadlineMs, over.signal).then(() => undefined);
    return Promise.race([request, late]).finally(() => over.abort());
  }

  async #wait(untilMs: number, changed: Promise<unknown>): Promise<void> {
    const over = new AbortController();
    const signal = AbortSignal.any([over.signal, this.#stop.signal]);
    await Promise.race([changed, this.#clock.until(untilMs, signal)]);
    over.abort();
  }

  async #try<T>(request: Promise<T>, what: string): Promise<T | undefined> {
    try {
      return await request;
    } catch (error) {
      this.#options.log.warn({ lease: this.#options.name, error: messageOf(error) }, what);
      return undefined;
    }
  }

  #hold(lease: Lease | undefined): void {
    this.#held = lease;
    this.#setLeader(lease === undefined ? undefined : this.#options.identity);
  }

  #setLeader(leader: string | undefined): void {
    if (leader === this.#leader) return;
    this.#leader = leader;
    this.#options.changed(leader);
  }
}
