import type { ApiClient } from '../api/api-client.ts';
import { orUndefined } from '../api/api-client.ts';
import type { Service } from '../api/types.ts';
import { metaOf } from '../api/types.ts';
import { IpPool } from '../ip-pool.ts';
import { networkPlan } from '../network-plan.ts';

/** Gives each Service of type LoadBalancer an address, which kube-proxy then serves. */
export class LoadBalancerController {
  readonly #api: ApiClient;
  readonly #failed: (error: unknown) => void;
  readonly #pool = new IpPool(networkPlan.loadBalancerCidr, 1);
  /** By the Service's uid. */
  readonly #addresses = new Map<string, string>();

  constructor(api: ApiClient, failed: (error: unknown) => void) {
    this.#api = api;
    this.#failed = failed;
  }

  changed(service: Service): void {
    if (service.spec?.type === 'LoadBalancer' && (service.spec.loadBalancerClass ?? '') === '')
      this.#give(service);
    else this.#takeBack(service);
  }

  deleted(service: Service): void {
    this.#release(metaOf(service).uid);
  }

  #give(service: Service): void {
    const { uid } = metaOf(service);
    const address = this.#addresses.get(uid) ?? this.#pick(service);
    this.#addresses.set(uid, address);
    const current = service.status?.loadBalancer?.ingress ?? [];
    if (current.length === 1 && current[0]?.ip === address) return;
    this.#write(service, [{ ip: address, ipMode: 'VIP' }]);
  }

  /** The one that is asked for, when it is free; else any. */
  #pick(service: Service): string {
    const { loadBalancerIP: wanted = '' } = service.spec ?? {};
    const had = service.status?.loadBalancer?.ingress?.[0]?.ip ?? '';
    for (const address of [wanted, had]) if (this.#pool.takeThis(address)) return address;
    return this.#pool.take();
  }

  /** The Service has changed its type. */
  #takeBack(service: Service): void {
    if (!this.#release(metaOf(service).uid)) return;
    this.#write(service, []);
  }

  #release(uid: string): boolean {
    const address = this.#addresses.get(uid);
    if (address === undefined) return false;
    this.#addresses.delete(uid);
    this.#pool.free(address);
    return true;
  }

  #write(service: Service, ingress: { ip: string; ipMode: string }[]): void {
    const { name, namespace, uid } = metaOf(service);
    const patch = { metadata: { uid }, status: { loadBalancer: { ingress } } };
    orUndefined(this.#api.mergePatch(`/api/v1/namespaces/${namespace}/services/${name}/status`, patch)).catch(
      this.#failed,
    );
  }
}
