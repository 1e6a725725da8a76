import { EventEmitter, once } from 'node:events';
import { expect } from 'chai';
import { pino } from 'pino';
import type { IrGateway } from '../ir/ir.ts';
import type { ApiClient, ApiRequest } from '../provider/api-client.ts';
import type { ClusterState } from '../provider/cluster-state.ts';
import { ObjectStore } from '../provider/object-store.ts';
import type { KubeObject } from '../provider/object-store.ts';
import { irGateway } from '../xds/ir.fixture.ts';
import { createAuthority } from './pki.ts';
import { Proxies } from './proxies.ts';

const name = 'gateway-routeproof';
const servicePath = `/api/v1/namespaces/test/services/${name}`;
const secretPath = `/api/v1/namespaces/test/secrets/${name}`;
const deploymentPath = `/apis/apps/v1/namespaces/test/deployments/${name}`;
const ours = { 'app.kubernetes.io/managed-by': 'routeproof' };

type Stored = KubeObject & { spec?: Record<string, unknown>; data?: Record<string, string>; status?: object };
type Edit = (object: Stored) => Stored;

function storeOf(...objects: object[]): ObjectStore<Stored> {
  const store = new ObjectStore<Stored>({ changed: () => undefined });
  store.replace(objects as Stored[]);
  return store;
}

/** Proxies of Gateway test/gateway, and an API server that keeps what is applied as `admit` makes it. */
class Cluster {
  readonly tried: string[] = [];
  readonly applied: string[] = [];
  readonly warnings: string[] = [];
  readonly #events = new EventEmitter();
  readonly #stores: Record<string, ObjectStore<Stored>>;
  readonly #admit: Edit;
  readonly #ir: IrGateway = { ...irGateway(80, [], {}), key: 'test/gateway' };
  #proxies: Proxies | undefined;
  #version = 100;

  constructor(services: object[] = [], admit: Edit = (object) => object) {
    const own = { metadata: { name: 'xds', namespace: 'system' }, spec: { clusterIP: '10.96.0.9' } };
    this.#stores = { services: storeOf(own, ...services), deployments: storeOf(), secrets: storeOf() };
    this.#admit = admit;
  }

  /** What the controller does after each event. */
  async ensure(): Promise<void> {
    this.#proxies ??= new Proxies({
      client: {
        config: { namespace: 'system' },
        json: (request: ApiRequest) =>
          new Promise((resolve) => {
            resolve(this.#apply(request));
          }),
      } as unknown as ApiClient,
      state: {
        gateways: storeOf({
          metadata: { name: 'gateway', namespace: 'test', uid: 'g-1', generation: 1 },
          spec: { gatewayClassName: 'routeproof' },
        }),
        ...this.#stores,
      } as unknown as ClusterState,
      authority: await createAuthority(new Date()),
      controllerName: 'ours',
      serviceName: 'xds',
      xdsPort: 18000,
      image: 'envoy:test',
      log: pino({ level: 'warn' }, { write: (line: string) => this.#warn(line) }),
      again: () => this.#proxies?.ensure(this.#ir),
    });
    this.#proxies.ensure(this.#ir);
  }

  /** Resolves when so many objects have been applied, and what comes after the last one was done. */
  async hasApplied(count: number): Promise<void> {
    while (this.applied.length < count) await once(this.#events, 'applied');
    await new Promise((resolve) => setImmediate(resolve));
  }

  async hasWarned(): Promise<void> {
    if (this.warnings.length === 0) await once(this.#events, 'warned');
  }

  /** Somebody else's. */
  edit(plural: 'services' | 'deployments' | 'secrets', change: Edit): void {
    const object = this.#stores[plural]?.get(`test/${name}`);
    expect(object, plural).not.to.equal(undefined);
    if (object !== undefined) this.#stores[plural]?.set(this.#next(change(object)));
  }

  secretKey(): string | undefined {
    return this.#stores['secrets']?.get(`test/${name}`)?.data?.['tls.key'];
  }

  #apply({ path, body }: ApiRequest): Stored {
    const plain = path.replace(/[?].*/, '');
    this.tried.push(plain);
    const { metadata, ...rest } = body as Stored;
    const made = this.#next(this.#admit({ ...rest, metadata: { ...metadata, uid: `uid of ${plain}` } }));
    this.#stores[plain.split('/').at(-2) ?? '']?.set(structuredClone(made));
    this.applied.push(plain);
    this.#events.emit('applied');
    return made;
  }

  #next(object: Stored): Stored {
    this.#version += 1;
    return { ...object, metadata: { ...object.metadata, resourceVersion: String(this.#version) } };
  }

  #warn(line: string): void {
    this.warnings.push(line);
    this.#events.emit('warned');
  }
}

const withSpec =
  (spec: Record<string, unknown>): Edit =>
  (object) => ({ ...object, spec: { ...object.spec, ...spec } });

describe('Proxies', () => {
  it('keeps what it has made', async () => {
    const cluster = new Cluster([{ metadata: { name, namespace: 'test', labels: ours } }]);
    await cluster.ensure();
    await cluster.hasApplied(5);
    expect(cluster.applied).to.include(servicePath);
    expect(cluster.applied.at(-1)).to.equal(deploymentPath);
  });

  it('does not take over what somebody else has made', async () => {
    const cluster = new Cluster([{ metadata: { name, namespace: 'test', labels: { app: 'shop' } } }]);
    await cluster.ensure();
    await cluster.hasWarned();
    expect(cluster.applied).to.deep.equal([]);
    expect(cluster.warnings[0]).to.contain('Service test/gateway-routeproof was not made by this controller');
  });

  it('applies again what somebody edited, and nothing else', async () => {
    const cluster = new Cluster();
    await cluster.ensure();
    await cluster.hasApplied(5);
    cluster.edit('deployments', (object) => ({ ...object, status: { availableReplicas: 1 } }));
    await cluster.ensure();
    cluster.edit('services', withSpec({ selector: { app: 'nobody' } }));
    await cluster.ensure();
    await cluster.hasApplied(6);
    expect(cluster.applied.slice(5)).to.deep.equal([servicePath]);
  });

  it('applies again what somebody took the labels and the owner off', async () => {
    const cluster = new Cluster();
    await cluster.ensure();
    await cluster.hasApplied(5);
    const bare = { labels: {}, ownerReferences: [] };
    cluster.edit('services', (object) => ({ ...object, metadata: { ...object.metadata, ...bare } }));
    await cluster.ensure();
    await cluster.hasApplied(6);
    expect(cluster.applied.slice(5)).to.deep.equal([servicePath]);
    expect(cluster.warnings).to.deep.equal([]);
  });

  it('does not take over a key that somebody put into the Secret', async () => {
    const cluster = new Cluster();
    await cluster.ensure();
    await cluster.hasApplied(5);
    const { privateKey } = await createAuthority(new Date());
    const foreign = Buffer.from(privateKey).toString('base64');
    cluster.edit('secrets', (object) => ({ ...object, data: { ...object.data, 'tls.key': foreign } }));
    await cluster.ensure();
    await cluster.hasApplied(6);
    expect(cluster.applied.slice(5)).to.deep.equal([secretPath]);
    expect(cluster.secretKey()).to.not.equal(foreign);
  });

  it('leaves a Gateway alone for a while after a failure', async () => {
    const cluster = new Cluster([], () => {
      throw new Error('no quota');
    });
    await cluster.ensure();
    await cluster.hasWarned();
    const { length } = cluster.tried;
    for (let again = 0; again < 5; again += 1) {
      await cluster.ensure();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(cluster.tried).to.have.length(length);
    expect(cluster.warnings).to.have.length(1);
  });

  it('lets a webhook have the last word', async () => {
    const cluster = new Cluster([], withSpec({ loadBalancerClass: 'theirs' }));
    await cluster.ensure();
    await cluster.hasApplied(5);
    cluster.edit('services', (object) => ({ ...object, status: { loadBalancer: {} } }));
    await cluster.ensure();
    cluster.edit('deployments', withSpec({ paused: true }));
    await cluster.ensure();
    await cluster.hasApplied(6);
    expect(cluster.applied.slice(5)).to.deep.equal([deploymentPath]);
  });
});
