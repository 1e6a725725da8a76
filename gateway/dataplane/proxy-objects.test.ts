import { expect } from 'chai';
import { irGateway } from '../xds/ir.fixture.ts';
import { labelValue, proxyName } from './names.ts';
import { proxyObjects } from './proxy-objects.ts';
import type { ProxyObjectsInput } from './proxy-objects.ts';

describe('proxyObjects', () => {
  const input = (more: Partial<ProxyObjectsInput> = {}): ProxyObjectsInput => ({
    gateway: {
      metadata: { name: 'gw', namespace: 'test', uid: 'u-1' },
      spec: {
        gatewayClassName: 'routeproof',
        infrastructure: { labels: { team: 'red' }, annotations: { note: 'kept' } },
      },
    },
    controllerName: 'routeproof.dev/gateway-controller',
    ir: irGateway(80, [], {}),
    xds: { address: '10.96.0.9', port: 18000 },
    client: { certificate: 'CERT', privateKey: 'KEY' },
    ca: 'CA',
    image: 'envoy:test',
    ...more,
  });
  const byKind = (more: Partial<ProxyObjectsInput> = {}) =>
    new Map(proxyObjects(input(more)).map((each) => [each.object.kind, each]));
  /** What a test looks into without a type of its own. */
  const at = (root: unknown, ...path: (string | number)[]): unknown =>
    path.reduce((value, key) => (value as Record<string | number, unknown>)[key], root);

  it('gives everything the owner, the labels and the annotations of the Gateway', () => {
    const objects = byKind();
    expect([...objects.keys()]).to.deep.equal([
      'ServiceAccount',
      'ConfigMap',
      'Secret',
      'Service',
      'Deployment',
    ]);
    for (const { object } of objects.values()) {
      expect(object.metadata).to.deep.include({ name: 'gw-routeproof', namespace: 'test' });
      expect(at(object.metadata, 'ownerReferences', 0)).to.include({
        kind: 'Gateway',
        name: 'gw',
        uid: 'u-1',
      });
      expect(object.metadata['labels']).to.include({
        team: 'red',
        'gateway.networking.k8s.io/gateway-name': 'gw',
        'gateway.networking.k8s.io/gateway-class-name': 'routeproof',
        'app.kubernetes.io/managed-by': 'routeproof',
        'routeproof.dev/controller': 'routeproof.dev_gateway-controller',
      });
      expect(object.metadata['annotations']).to.deep.equal({ note: 'kept' });
    }
  });

  it('maps listener ports to ports that need no privileges', () => {
    const service = byKind().get('Service')?.object;
    expect(at(service, 'spec', 'ports')).to.deep.equal([
      { name: 'port-80', port: 80, protocol: 'TCP', targetPort: 10080 },
    ]);
  });

  it('lets infrastructure labels override none of its own', () => {
    const own = input();
    own.gateway.spec.infrastructure = { labels: { 'gateway.networking.k8s.io/gateway-name': 'other' } };
    const service = byKind(own).get('Service')?.object;
    expect(at(service, 'metadata', 'labels', 'gateway.networking.k8s.io/gateway-name')).to.equal('gw');
    expect(at(service, 'spec', 'selector')).to.deep.equal({
      'gateway.networking.k8s.io/gateway-name': 'gw',
      'gateway.networking.k8s.io/gateway-class-name': 'routeproof',
    });
  });

  it('replaces pods for another controller address or authority, not for another certificate', () => {
    const config = (more: Partial<ProxyObjectsInput>): unknown =>
      at(
        byKind(more).get('Deployment')?.object,
        'spec',
        'template',
        'metadata',
        'annotations',
        'routeproof.dev/config',
      );
    const same = config({});
    expect(config({ client: { certificate: 'NEW', privateKey: 'NEW' } })).to.equal(same);
    expect(config({ ir: irGateway(8080, [], {}) })).to.equal(same);
    expect(config({ ca: 'NEW' })).not.to.equal(same);
    expect(config({ xds: { address: '10.96.0.10', port: 18000 } })).not.to.equal(same);
  });

  it('keeps the admin interface on the loopback of the pod', () => {
    const text = at(byKind().get('ConfigMap')?.object, 'data', 'bootstrap.yaml') as string;
    expect(at(JSON.parse(text), 'admin', 'address', 'socket_address')).to.deep.equal({
      address: '127.0.0.1',
      port_value: 19000,
    });
  });

  it('gives a proxy no token and no right to be root', () => {
    const pod = at(byKind().get('Deployment')?.object, 'spec', 'template', 'spec');
    expect(at(pod, 'automountServiceAccountToken')).to.equal(false);
    expect(at(pod, 'securityContext', 'runAsNonRoot')).to.equal(true);
  });
});

describe('names of proxies', () => {
  const long = 'a'.repeat(80);

  it('are those of Gateway and class', () => {
    expect(proxyName('gw', 'routeproof')).to.equal('gw-routeproof');
    expect(proxyName('gw', 'route-proof')).to.match(/^gw-route-proof-[0-9a-f]{8}$/);
  });

  it('fit into a Service and a label', () => {
    for (const name of [long, `${long}b`, 'a.b', '1a']) {
      expect(proxyName(name, 'routeproof')).to.match(/^[a-z][a-z0-9-]{0,62}$/);
      expect(labelValue(name).length).to.be.at.most(63);
    }
  });

  it('fit into what kube-proxy writes beside the rules of a Service', () => {
    for (const name of ['a'.repeat(42), 'a'.repeat(43), long]) {
      const comment = `${'n'.repeat(63)}/${proxyName(name, 'routeproof')}:port-65535`;
      expect(comment.length).to.be.at.most(128);
    }
    expect(proxyName('a'.repeat(42), 'routeproof')).to.equal(`${'a'.repeat(42)}-routeproof`);
  });

  it('are different for different Gateways and classes', () => {
    const pairs = [long, `${long}b`, 'a.b', 'a-b', 'a.b-c', 'a-b.c', '1a', 'gw-1a', 'gw']
      .map((name) => [name, 'c'])
      .concat([
        ['a', 'b-c'],
        ['a-b', 'c-d'],
        ['a', 'b-c-d'],
        ['gw', long],
        ['gw', 'other'],
      ]);
    const names = pairs.map(([name = '', className = '']) => proxyName(name, className));
    expect(new Set(names).size).to.equal(pairs.length);
  });
});
