import type { Logger } from 'pino';
import { messageOf } from '../../common/errors.ts';
import { keyOf, objectKey } from '../../common/object-key.ts';
import type { ObjectKey } from '../../common/object-key.ts';
import type { IrGateway } from '../ir/ir.ts';
import type { ApiClient } from '../provider/api-client.ts';
import { managedBy } from '../provider/cluster-state.ts';
import type { ClusterState } from '../provider/cluster-state.ts';
import type { KubeObject } from '../provider/object-store.ts';
import type { Gateway } from '../translate/model/gateway-api.ts';
import { AppliedObjects } from './applied-objects.ts';
import { clientCertificate } from './client-certificates.ts';
import type { KeyAndCertificate } from './pki.ts';
import type { Leftover } from './leftovers.ts';
import { proxyName } from './names.ts';
import { proxyObjects } from './proxy-objects.ts';
import type { AppliedObject } from './proxy-objects.ts';
import { proxyPaths, removeProxy } from './remove-proxy.ts';

export interface ProxiesOptions {
  client: ApiClient;
  state: ClusterState;
  authority: KeyAndCertificate;
  controllerName: string;
  /** Name of the controller's Service in its own namespace. */
  serviceName: string;
  xdsPort: number;
  image: string;
  log: Logger;
  /** Called when `ensure` is to be called again: something could not be applied, or is to be looked at once more. */
  again: () => void;
  /** Has the last word on what is applied. */
  edit?: (objects: AppliedObject[]) => AppliedObject[];
}

interface Wanted {
  ir: IrGateway;
  gateway: Gateway & KubeObject;
}

const retryMs = 1000;

/** Makes and keeps the objects of each Gateway's proxy, and deletes them when no Gateway wants them any more. */
export class Proxies {
  readonly #options: ProxiesOptions;
  readonly #busy = new Set<string>();
  readonly #leaving = new Set<ObjectKey>();
  readonly #waiting = new Map<string, Wanted>();
  readonly #ensured = new Map<string, unknown[]>();
  readonly #applied: AppliedObjects;
  /** Gateways whose objects changed while they were being applied. */
  readonly #unchecked = new Set<string>();
  /** Gateways of which something was applied because somebody had edited it, a moment ago. */
  readonly #restored = new Set<string>();
  /** Gateways of which something could not be applied, a moment ago. */
  readonly #failed = new Set<string>();

  constructor(options: ProxiesOptions) {
    this.#options = options;
    this.#applied = new AppliedObjects(options.client);
  }

  /** Brings the Gateway's objects to the wanted state, later if it is at it already. Does nothing when nothing changed. */
  ensure(ir: IrGateway): void {
    const gateway = this.#options.state.gateways.get(ir.key);
    if (gateway === undefined || this.#failed.has(ir.key)) return;
    this.#findEdited(ir.key, gateway);
    const inputs = this.#inputs(ir, gateway);
    if (inputs.every((input, index) => input === this.#ensured.get(ir.key)?.[index])) return;
    this.#ensured.set(ir.key, inputs);
    this.#waiting.set(ir.key, { ir, gateway });
    if (!this.#busy.has(ir.key)) void this.#work(ir.key);
  }

  /** Deletes what is left of a proxy, unless it is at it already. */
  async remove(leftover: Leftover): Promise<void> {
    const key = objectKey(leftover.namespace, leftover.name);
    if (this.#leaving.has(key)) return;
    this.#leaving.add(key);
    // A Gateway that comes back has everything made anew.
    for (const path of Object.values(proxyPaths(leftover))) this.#applied.forget(path);
    this.#ensured.delete(leftover.gatewayKey);
    const { client, log, again } = this.#options;
    try {
      await removeProxy(client, leftover);
      log.info({ gateway: leftover.gatewayKey, proxy: key }, 'the proxy of no Gateway was deleted');
    } catch (error) {
      log.warn({ proxy: key, error: messageOf(error) }, 'the proxy of no Gateway cannot be deleted');
      setTimeout(again, retryMs).unref();
    }
    this.#leaving.delete(key);
  }

  /** Somebody deleted the object of that collection (`/api/v1/services`): it is made again if its Gateway is still there. */
  deleted(collection: string, key: string): void {
    const [namespace = '', name = ''] = key.split('/');
    const plural = collection.slice(collection.lastIndexOf('/') + 1);
    const path = `${collection.slice(0, -plural.length)}namespaces/${namespace}/${plural}/${name}`;
    if (this.#applied.forget(path)) this.#ensured.clear();
  }

  /** Drops what waits, and what is known of what was applied: somebody else applies now. */
  forget(): void {
    this.#waiting.clear();
    this.applyAgain();
  }

  /** Has everything applied again with the next call of `ensure`: not all that others may edit is watched. */
  applyAgain(): void {
    this.#ensured.clear();
    this.#applied.forgetAll();
  }

  /** What somebody else edited is applied again, once a second at most: two who want different things are not to keep the API server busy. */
  #findEdited(gatewayKey: string, gateway: Gateway & KubeObject): void {
    if (this.#restored.has(gatewayKey)) return;
    if (this.#busy.has(gatewayKey)) {
      // Its own changes come before the API server's answers to them.
      this.#unchecked.add(gatewayKey);
      return;
    }
    const { services, deployments, secrets } = this.#options.state;
    const { key, ...proxy } = proxyOf(gateway);
    const watched = [services.get(key), deployments.get(key), secrets.get(key)];
    if (watched.every((object) => object === undefined || this.#applied.isChecked(object))) return;
    const { service, deployment, secret } = proxyPaths(proxy);
    const edited = [service, deployment, secret].filter((path, index) => {
      const object = watched[index];
      return object !== undefined && this.#applied.edited(path, object);
    });
    if (edited.length === 0) return;
    this.#options.log.info({ gateway: gatewayKey, edited }, 'somebody edited what this controller applied');
    this.#ensured.delete(gatewayKey);
    this.#rest(gatewayKey, this.#restored);
  }

  /** Has the Gateway in that set for a moment, and `ensure` called again then. */
  #rest(gatewayKey: string, set: Set<string>): void {
    set.add(gatewayKey);
    setTimeout(() => {
      set.delete(gatewayKey);
      this.#options.again();
    }, retryMs).unref();
  }

  /** All that objects are made from. */
  #inputs(ir: IrGateway, gateway: Gateway & KubeObject): unknown[] {
    const { metadata } = gateway;
    const { state, client, serviceName } = this.#options;
    return [
      metadata.uid,
      metadata.generation,
      ir.ports.map(({ port }) => port).join(),
      state.services.get(objectKey(client.config.namespace, serviceName))?.spec?.clusterIP,
      state.secrets.get(proxyOf(gateway).key),
      // Certificates grow old without an event.
      new Date().toISOString().slice(0, 10),
    ];
  }

  async #work(key: string): Promise<void> {
    this.#busy.add(key);
    for (let next = this.#take(key); next !== undefined; next = this.#take(key)) {
      try {
        await this.#apply(next);
      } catch (error) {
        this.#options.log.warn(
          { gateway: key, error: messageOf(error) },
          'the proxy of a Gateway cannot be applied',
        );
        this.#ensured.delete(key);
        this.#rest(key, this.#failed);
      }
    }
    this.#busy.delete(key);
    if (this.#unchecked.delete(key) && !this.#failed.has(key)) this.#options.again();
  }

  #take(key: string): Wanted | undefined {
    const next = this.#waiting.get(key);
    this.#waiting.delete(key);
    return next;
  }

  async #apply({ ir, gateway }: Wanted): Promise<void> {
    const { state, client, controllerName, serviceName, xdsPort, authority, image } = this.#options;
    const { edit = (same) => same } = this.#options;
    const now = state.gateways.get(ir.key)?.metadata;
    const address = state.services.get(objectKey(client.config.namespace, serviceName))?.spec?.clusterIP;
    // A newer Gateway and an address come with a watch event, which calls ensure again where the Gateway is still ours.
    const isLatest = now?.uid === gateway.metadata.uid && now?.generation === gateway.metadata.generation;
    if (!isLatest || now?.deletionTimestamp !== undefined || address === undefined) return;
    this.#refuseClash(gateway);
    const certificate = await clientCertificate({
      gatewayNamespace: gateway.metadata.namespace ?? '',
      gatewayName: gateway.metadata.name,
      secretName: proxyName(gateway.metadata.name, gateway.spec.gatewayClassName),
      secrets: state.secrets,
      authority,
      now: new Date(),
    });
    const xds = { address, port: xdsPort };
    const made = { gateway, controllerName, ir, xds, client: certificate, ca: authority.certificate, image };
    const objects = edit(proxyObjects(made));
    const deployment = objects.pop();
    await Promise.all(objects.map((object) => this.#applyOne(object)));
    if (deployment !== undefined) await this.#applyOne(deployment);
  }

  /** A name of two plain words may be taken: what somebody else made is not taken over. */
  #refuseClash(gateway: Gateway & KubeObject): void {
    const { key, ...proxy } = proxyOf(gateway);
    const service = this.#options.state.services.get(key);
    if (service === undefined || service.metadata.labels?.[managedBy.label] === managedBy.value) return;
    // One of ours that somebody took the label off.
    if (this.#applied.made(proxyPaths(proxy).service, service)) return;
    if (service.metadata.ownerReferences?.some(({ uid }) => uid === gateway.metadata.uid)) return;
    throw new Error(`Service ${key} was not made by this controller: delete it, or rename the Gateway`);
  }

  async #applyOne(wanted: AppliedObject): Promise<void> {
    if (!(await this.#applied.apply(wanted))) return;
    const { object } = wanted;
    this.#options.log.debug({ kind: object.kind, object: keyOf(object) }, 'applied');
  }
}

/** What all objects of a Gateway's proxy are called. */
function proxyOf({ metadata, spec }: Gateway & KubeObject): {
  namespace: string;
  name: string;
  key: ObjectKey;
} {
  const namespace = metadata.namespace ?? '';
  const name = proxyName(metadata.name, spec.gatewayClassName);
  return { namespace, name, key: objectKey(namespace, name) };
}
