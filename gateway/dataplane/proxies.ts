import type { Logger } from 'pino';
import { messageOf } from '../../common/errors.ts';
import { keyOf, objectKey } from '../../common/object-key.ts';
import type { IrGateway } from '../ir/ir.ts';
import type { ApiClient } from '../provider/api-client.ts';
import type { ClusterState } from '../provider/cluster-state.ts';
import { clientCertificate } from './client-certificates.ts';
import type { KeyAndCertificate } from './pki.ts';
import { proxyName } from './names.ts';
import { proxyObjects } from './proxy-objects.ts';
import type { AppliedObject } from './proxy-objects.ts';

export interface ProxiesOptions {
  client: ApiClient;
  state: ClusterState;
  authority: KeyAndCertificate;
  /** Name of the controller's Service in its own namespace. */
  serviceName: string;
  xdsPort: number;
  image: string;
  log: Logger;
  /** Called when something could not be applied, to try again. */
  failed: () => void;
}

const retryMs = 1000;

/** Makes and keeps the objects of each Gateway's proxy; Kubernetes deletes them with the Gateway. */
export class Proxies {
  readonly #options: ProxiesOptions;
  readonly #busy = new Set<string>();
  readonly #waiting = new Map<string, IrGateway>();
  readonly #ensured = new Map<string, unknown[]>();
  /** What was last applied, by path. */
  readonly #applied = new Map<string, string>();

  constructor(options: ProxiesOptions) {
    this.#options = options;
  }

  /** Brings the Gateway's objects to the wanted state, later if it is at it already. Does nothing when nothing changed. */
  ensure(ir: IrGateway): void {
    const inputs = this.#inputs(ir);
    if (inputs.every((input, index) => input === this.#ensured.get(ir.key)?.[index])) return;
    this.#ensured.set(ir.key, inputs);
    this.#waiting.set(ir.key, ir);
    if (!this.#busy.has(ir.key)) void this.#work(ir.key);
  }

  /** Somebody deleted the object of that collection (`/api/v1/services`): it is made again if its Gateway is still there. */
  deleted(collection: string, key: string): void {
    const [namespace = '', name = ''] = key.split('/');
    const plural = collection.slice(collection.lastIndexOf('/') + 1);
    const path = `${collection.slice(0, -plural.length)}namespaces/${namespace}/${plural}/${name}`;
    if (this.#applied.delete(path)) this.#ensured.clear();
  }

  /** All that objects are made from. */
  #inputs(ir: IrGateway): unknown[] {
    const { state, client, serviceName } = this.#options;
    const gateway = state.gateways.get(ir.key);
    const [namespace, name = ''] = ir.key.split('/');
    return [
      gateway?.metadata.uid,
      gateway?.metadata.generation,
      ir.ports.map(({ port }) => port).join(),
      state.services.get(objectKey(client.config.namespace, serviceName))?.spec?.clusterIP,
      state.secrets.get(objectKey(namespace, proxyName(name, gateway?.spec.gatewayClassName ?? ''))),
      // Certificates grow old without an event.
      new Date().toISOString().slice(0, 10),
    ];
  }

  async #work(key: string): Promise<void> {
    this.#busy.add(key);
    for (let ir = this.#take(key); ir !== undefined; ir = this.#take(key)) {
      try {
        await this.#apply(ir);
      } catch (error) {
        this.#options.log.warn(
          { gateway: key, error: messageOf(error) },
          'the proxy of a Gateway cannot be applied',
        );
        this.#ensured.delete(key);
        setTimeout(this.#options.failed, retryMs).unref();
      }
    }
    this.#busy.delete(key);
  }

  #take(key: string): IrGateway | undefined {
    const ir = this.#waiting.get(key);
    this.#waiting.delete(key);
    return ir;
  }

  async #apply(ir: IrGateway): Promise<void> {
    const { state, client, serviceName, xdsPort, authority, image } = this.#options;
    const gateway = state.gateways.get(ir.key);
    const address = state.services.get(objectKey(client.config.namespace, serviceName))?.spec?.clusterIP;
    // Both come with a watch event, which calls ensure again.
    if (gateway === undefined || gateway.metadata.deletionTimestamp !== undefined || address === undefined)
      return;
    const certificate = await clientCertificate({
      gatewayNamespace: gateway.metadata.namespace ?? '',
      gatewayName: gateway.metadata.name,
      secretName: proxyName(gateway.metadata.name, gateway.spec.gatewayClassName),
      secrets: state.secrets,
      authority,
      now: new Date(),
    });
    const xds = { address, port: xdsPort };
    const objects = proxyObjects({ gateway, ir, xds, client: certificate, ca: authority.certificate, image });
    const deployment = objects.pop();
    await Promise.all(objects.map((object) => this.#applyOne(object)));
    if (deployment !== undefined) await this.#applyOne(deployment);
  }

  async #applyOne({ collection, object }: AppliedObject): Promise<void> {
    const path = `${collection}/${object.metadata.name}`;
    const text = JSON.stringify(object);
    if (this.#applied.get(path) === text) return;
    await this.#options.client.json({
      method: 'PATCH',
      path: `${path}?fieldManager=routeproof-gateway&force=true`,
      contentType: 'application/apply-patch+yaml',
      body: object,
    });
    this.#applied.set(path, text);
    this.#options.log.debug({ kind: object.kind, object: keyOf(object) }, 'applied');
  }
}
