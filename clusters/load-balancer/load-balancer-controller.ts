import type { ApiClient } from '../api/api-client.ts';
import { orUndefined } from '../api/api-client.ts';
import type { Service } from '../api/types.ts';
import { metaOf } from '../api/types.ts';
import { IpPool } from '../network/ip-pool.ts';
import { networkPlan } from '../network/network-plan.ts';

/**
 * Gives each Service of type LoadBalancer an address, which kube-proxy then serves. Who asks for one by loadBalancerIP gets that one or
 * none, and waits until it is free, as with MetalLB.
 */
export class LoadBalancerController {
  readonly #api: ApiClient;
  readonly #failed: (error: unknown) => void;
  readonly #pool = new IpPool(networkPlan.loadBalancerCidr, 1);
  /** By the Service's uid. */
  readonly #addresses = new Map<string, string>();
  /** Those that ask for what they cannot have now, by uid. */
  readonly #waiting = new Map<string, Service>();

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
    const { loadBalancerIP: wanted = '' } = service.spec ?? {};
    const held = this.#addresses.get(uid);
    if (held !== undefined && wanted !== '' && wanted !== held) this.#release(uid);
    const address = this.#addresses.get(uid) ?? this.#pick(service);
    if (address === undefined) this.#waiting.set(uid, service);
    else {
      this.#waiting.delete(uid);
      this.#addresses.set(uid, address);
    }
    const current = (service.status?.loadBalancer?.ingress ?? []).map(({ ip }) => ip).join();
    if (current !== (address ?? ''))
      this.#write(service, address === undefined ? [] : [{ ip: address, ipMode: 'VIP' }]);
  }

  #pick(service: Service): string | undefined {
    const { loadBalancerIP: wanted = '' } = service.spec ?? {};
    if (wanted !== '') return this.#pool.takeThis(wanted) ? wanted : undefined;
    const had = service.status?.loadBalancer?.ingress?.[0]?.ip ?? '';
    return this.#pool.takeThis(had) ? had : this.#pool.take();
  }

  /** The Service has changed its type. */
  #takeBack(service: Service): void {
    if (this.#release(metaOf(service).uid)) this.#write(service, []);
  }

  #release(uid: string): boolean {
    const waited = this.#waiting.delete(uid);
    const address = this.#addresses.get(uid);
    if (address === undefined) return waited;
    this.#addresses.delete(uid);
    this.#pool.free(address);
    const next = [...this.#waiting.values()].find(({ spec }) => spec?.loadBalancerIP === address);
    if (next !== undefined) this.#give(next);
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
