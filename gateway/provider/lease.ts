import { ApiStatusError } from './api-client.ts';
import type { ApiClient } from './api-client.ts';
import type { KubeObject } from './object-store.ts';

/** What of coordination.k8s.io/v1 Lease is read and written here. */
export interface Lease extends KubeObject {
  spec?: {
    /** Empty once the holder has let it go. */
    holderIdentity?: string;
    leaseDurationSeconds?: number;
    acquireTime?: string;
    renewTime?: string;
    leaseTransitions?: number;
  };
}

type Spec = NonNullable<Lease['spec']>;

/** As client-go's default. */
export const leaseSeconds = 15;

/** One replica's requests about the Lease of that name. Each throws ApiStatusError, or the error of the connection. */
export class LeaseRequests {
  readonly collection: string;
  readonly #client: Pick<ApiClient, 'json'>;
  readonly #name: string;
  readonly #identity: string;

  constructor(client: Pick<ApiClient, 'json' | 'config'>, name: string, identity: string) {
    this.collection = `/apis/coordination.k8s.io/v1/namespaces/${client.config.namespace}/leases`;
    this.#client = client;
    this.#name = name;
    this.#identity = identity;
  }

  /** @returns undefined when there is one already */
  create(): Promise<Lease | undefined> {
    const body = this.#body({ name: this.#name }, this.#spec(0));
    return undefinedOn(409, this.#client.json<Lease>({ method: 'POST', path: this.collection, body }));
  }

  /** Makes a free Lease this replica's. @returns undefined when somebody else was faster */
  take(free: Lease): Promise<Lease | undefined> {
    const { holderIdentity, leaseTransitions = 0 } = free.spec ?? {};
    return this.#update(free, this.#spec(leaseTransitions + (holderIdentity === this.#identity ? 0 : 1)));
  }

  /** @returns lost: it is another's now; undefined: it changed once more meanwhile */
  async renew(held: Lease): Promise<Lease | 'lost' | undefined> {
    const renewed = await this.#update(held, { ...held.spec, ...renewal() });
    if (renewed !== undefined) return renewed;
    // Somebody else wrote: an annotation, perhaps, or it was a request of ours whose answer was lost.
    const path = `${this.collection}/${this.#name}`;
    const now = await undefinedOn(404, this.#client.json<Lease>({ method: 'GET', path }));
    if (now?.spec?.holderIdentity !== this.#identity) return 'lost';
    return this.#update(now, { ...now.spec, ...renewal() });
  }

  /** Lets it go, for another replica to take at once. */
  async release(held: Lease): Promise<void> {
    await this.#update(held, { ...held.spec, ...renewal(), holderIdentity: '', leaseDurationSeconds: 1 });
  }

  #spec(leaseTransitions: number): Spec {
    const { renewTime } = renewal();
    return {
      holderIdentity: this.#identity,
      leaseDurationSeconds: leaseSeconds,
      acquireTime: renewTime,
      renewTime,
      leaseTransitions,
    };
  }

  /** @returns undefined when it is not that version any more, or gone */
  async #update(lease: Lease, spec: Spec): Promise<Lease | undefined> {
    const { name, resourceVersion, uid } = lease.metadata;
    const path = `${this.collection}/${name}`;
    const body = this.#body({ name, resourceVersion, uid }, spec);
    return undefinedOn(404, undefinedOn(409, this.#client.json<Lease>({ method: 'PUT', path, body })));
  }

  #body(metadata: object, spec: Spec): object {
    return { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec };
  }
}

/** A MicroTime. */
function renewal(): { renewTime: string } {
  return { renewTime: new Date().toISOString().replace('Z', '000Z') };
}

async function undefinedOn<T>(code: number, request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if (error instanceof ApiStatusError && error.code === code) return undefined;
    throw error;
  }
}
