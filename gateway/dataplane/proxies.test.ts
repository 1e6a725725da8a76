import { expect } from 'chai';
import { pino } from 'pino';
import type { ApiClient, ApiRequest } from '../provider/api-client.ts';
import type { ClusterState } from '../provider/cluster-state.ts';
import { ObjectStore } from '../provider/object-store.ts';
import type { KubeObject } from '../provider/object-store.ts';
import { irGateway } from '../xds/ir.fixture.ts';
import { createAuthority } from './pki.ts';
import { Proxies } from './proxies.ts';

describe('Proxies', () => {
  const ours = { 'app.kubernetes.io/managed-by': 'routeproof' };
  /** What the controller does for Gateway test/gateway beside a Service of the name that it would give. */
  const ensured = async (labels: Record<string, string>): Promise<{ paths: string[]; warning: string }> => {
    const paths: string[] = [];
    const store = (...objects: object[]): ObjectStore<KubeObject> => {
      const made = new ObjectStore<KubeObject>({ changed: () => undefined });
      made.replace(objects as KubeObject[]);
      return made;
    };
    const gateway = {
      metadata: { name: 'gateway', namespace: 'test', uid: 'g-1', generation: 1 },
      spec: { gatewayClassName: 'routeproof' },
    };
    const own = { metadata: { name: 'xds', namespace: 'system' }, spec: { clusterIP: '10.96.0.9' } };
    const taken = { metadata: { name: 'gateway-routeproof', namespace: 'test', labels } };
    return new Promise((resolve) => {
      const client = {
        config: { namespace: 'system' },
        json: ({ path }: ApiRequest) => {
          paths.push(path.replace(/[?].*/, ''));
          if (paths.length === 5) resolve({ paths, warning: '' });
          return Promise.resolve({});
        },
      };
      const warned = { write: (line: string) => resolve({ paths, warning: line }) };
      void createAuthority(new Date()).then((authority) => {
        new Proxies({
          client: client as unknown as ApiClient,
          state: {
            gateways: store(gateway),
            services: store(own, taken),
            secrets: store(),
          } as unknown as ClusterState,
          authority,
          controllerName: 'ours',
          serviceName: 'xds',
          xdsPort: 18000,
          image: 'envoy:test',
          log: pino({ level: 'warn' }, warned),
          failed: () => undefined,
        }).ensure({ ...irGateway(80, [], {}), key: 'test/gateway' });
      });
    });
  };

  it('keeps what it has made', async () => {
    const { paths } = await ensured(ours);
    expect(paths).to.include('/api/v1/namespaces/test/services/gateway-routeproof');
    expect(paths.at(-1)).to.equal('/apis/apps/v1/namespaces/test/deployments/gateway-routeproof');
  });

  it('does not take over what somebody else has made', async () => {
    const { paths, warning } = await ensured({ app: 'shop' });
    expect(paths).to.deep.equal([]);
    expect(warning).to.contain('Service test/gateway-routeproof was not made by this controller');
  });
});
