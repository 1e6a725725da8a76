import { hash } from 'node:crypto';
import type { Logger } from 'pino';
import { messageOf } from '../../common/errors.ts';
import { keyOf, objectKey } from '../../common/object-key.ts';
import type { ObjectKey } from '../../common/object-key.ts';
import type { IrGateway } from '../ir/ir.ts';
import type { ApiClient } from '../provider/api-client.ts';
import { managedBy } from '../provider/cluster-state.ts';
import type { ClusterState } from '../provider/cluster-state.ts';
import type { KubeObject } from '../provider/object-store.ts';
import type { Gateway } from '../translate/gateway-api.ts';
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

interface Applied {
  /** What was applied, as JSON. */
  text: string;
  /** What the API server made of it; see `versionOf` and `essenceOf`. */
  version: number;
  essence: string;
}

const retryMs = 1000;

/** Makes and keeps the objects of each Gateway's proxy, and deletes them when no Gateway wants them any more. */
export class Proxies {
  readonly #options: ProxiesOptions;
  readonly #busy = new Set<string>();
  readonly #leaving = new Set<ObjectKey>();
  readonly #waiting = new Map<string, Wanted>();
  readonly #ensured = new Map<string, unknown[]>();
  /** By path. */
  readonly #applied = new Map<string, Applied>();
  /** Objects that nobody had edited, or whose edits are known. */
  readonly #checked = new WeakSet<KubeObject>();
  /** Gateways whose objects changed while they were being applied. */
  readonly #unchecked = new Set<string>();
  /** Gateways of which something was applied because somebody had edited it, a moment ago. */
  readonly #restored = new Set<string>();
  /** Gateways of which something could not be applied, a moment ago. */
  readonly #failed = new Set<string>();
  /** The uid of each object that was applied, by path: ours whatever its labels say. */
  readonly #uids = new Map<string, string>();
  /** Paths whose answer is under way; one that is not in it any more when it comes is out of date. */
  readonly #sent = new Map<string, object>();

  constructor(options: ProxiesOptions) {
    this.#options = options;
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
    for (const path of Object.values(proxyPaths(leftover))) this.#forgetOne(path);
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
    if (this.#forgetOne(path)) this.#ensured.clear();
  }

  /** @returns whether it had been applied, or is about to be */
  #forgetOne(path: string): boolean {
    this.#uids.delete(path);
    return [this.#applied.delete(path), this.#sent.delete(path)].includes(true);
  }

  /** Drops what waits, and what is known of what was applied: somebody else applies now. */
  forget(): void {
    this.#waiting.clear();
    this.applyAgain();
  }

  /** Has everything applied again with the next call of `ensure`: not all that others may edit is watched. */
  applyAgain(): void {
    this.#ensured.clear();
    this.#applied.clear();
    this.#sent.clear();
  }

  /**
   * What somebody else edited is applied again, once a second at most: two who want different things are not to keep the API server
   * busy. Compared with what the API server made of it, so that a webhook may have the last word.
   */
  #findEdited(gatewayKey: string, { metadata, spec }: Gateway & KubeObject): void {
    if (this.#restored.has(gatewayKey)) return;
    if (this.#busy.has(gatewayKey)) {
      // Its own changes come before the API server's answers to them.
      this.#unchecked.add(gatewayKey);
      return;
    }
    const { services, deployments, secrets } = this.#options.state;
    const namespace = metadata.namespace ?? '';
    const name = proxyName(metadata.name, spec.gatewayClassName);
    const key = objectKey(namespace, name);
    const watched = {
      service: services.get(key),
      deployment: deployments.get(key),
      secret: secrets.get(key),
    };
    const fresh = Object.entries(watched).filter(([, object]) => object && !this.#checked.has(object));
    if (fresh.length === 0) return;
    const paths: Record<string, string> = proxyPaths({ namespace, name });
    const edited = fresh.flatMap(([kind, object]) => {
      const path = paths[kind];
      return path !== undefined && object !== undefined && this.#isEdited(path, object) ? [path] : [];
    });
    if (edited.length > 0) this.#restore(gatewayKey, edited);
  }

  #isEdited(path: string, object: KubeObject): boolean {
    this.#checked.add(object);
    const applied = this.#applied.get(path);
    if (applied === undefined || versionOf(object) <= applied.version) return false;
    return essenceOf(object) !== applied.essence;
  }

  #restore(gatewayKey: string, edited: readonly string[]): void {
    this.#options.log.info({ gateway: gatewayKey, edited }, 'somebody edited what this controller applied');
    for (const path of edited) this.#applied.delete(path);
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
  #inputs(ir: IrGateway, { metadata, spec }: Gateway & KubeObject): unknown[] {
    const { state, client, serviceName } = this.#options;
    return [
      metadata.uid,
      metadata.generation,
      ir.ports.map(({ port }) => port).join(),
      state.services.get(objectKey(client.config.namespace, serviceName))?.spec?.clusterIP,
      state.secrets.get(objectKey(metadata.namespace, proxyName(metadata.name, spec.gatewayClassName))),
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
  #refuseClash({ metadata, spec }: Gateway & KubeObject): void {
    const key = objectKey(metadata.namespace, proxyName(metadata.name, spec.gatewayClassName));
    const service = this.#options.state.services.get(key);
    if (service === undefined || service.metadata.labels?.[managedBy.label] === managedBy.value) return;
    // One of ours that somebody took the label off.
    const { uid } = service.metadata;
    const { service: path } = proxyPaths({
      namespace: service.metadata.namespace ?? '',
      name: service.metadata.name,
    });
    if (uid !== undefined && uid === this.#uids.get(path)) return;
    if (service.metadata.ownerReferences?.some((owner) => owner.uid === metadata.uid)) return;
    throw new Error(`Service ${key} was not made by this controller: delete it, or rename the Gateway`);
  }

  async #applyOne({ collection, object }: AppliedObject): Promise<void> {
    const path = `${collection}/${object.metadata.name}`;
    const text = JSON.stringify(object);
    if (this.#applied.get(path)?.text === text) return;
    this.#sent.set(path, object);
    const made = await this.#options.client.json<KubeObject>({
      method: 'PATCH',
      path: `${path}?fieldManager=routeproof-gateway&force=true`,
      contentType: 'application/apply-patch+yaml',
      body: object,
    });
    if (this.#sent.get(path) === object) {
      this.#sent.delete(path);
      this.#applied.set(path, { text, version: versionOf(made), essence: essenceOf(made) });
      if (made.metadata.uid !== undefined) this.#uids.set(path, made.metadata.uid);
    }
    this.#options.log.debug({ kind: object.kind, object: keyOf(object) }, 'applied');
  }
}

/** Later versions are greater numbers (KEP-5504). */
function versionOf({ metadata }: KubeObject): number {
  return Number(metadata.resourceVersion);
}

/** What only an edit changes: neither status nor what Kubernetes itself notes in a Deployment's annotations. */
function essenceOf(object: KubeObject): string {
  const { metadata, spec, data } = object as KubeObject & { spec?: unknown; data?: unknown };
  const { labels, ownerReferences, annotations = {} } = metadata;
  const written = Object.entries(annotations).filter(
    ([name]) => !name.startsWith('deployment.kubernetes.io/'),
  );
  return hash('sha256', JSON.stringify([labels, ownerReferences, written, spec, data]));
}
