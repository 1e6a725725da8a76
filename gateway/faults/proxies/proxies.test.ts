import { expect } from 'chai';
import type { AppliedObject } from '../../dataplane/proxy-objects.ts';
import { makeResource } from '../../xds/resource.ts';
import { findFault } from '../catalog.ts';
import type { FaultHooks } from '../fault.ts';

const context = { refreshAfter: () => undefined, now: () => 0, annotate: () => undefined };
const hooksOf = (name: string): FaultHooks => findFault(name).hooks(context);

const deployment = (): AppliedObject => ({
  collection: '/apis/apps/v1/namespaces/shop/deployments',
  object: {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'gw', namespace: 'shop' },
    spec: { template: { spec: { containers: [{ args: ['--drain-time-s', '600', '-c', 'x'] }] } } },
  } as AppliedObject['object'],
});

describe('faults of proxies', () => {
  it('tell one of two proxies of each Gateway something else', () => {
    const { proxyObjects, forProxy } = hooksOf('one-of-two-proxies-stale');
    const [made] = proxyObjects?.([deployment()]) ?? [];
    expect(made?.object).to.have.nested.property('spec.replicas', 2);
    const scope = (version: string) =>
      makeResource('srds', 'scope', 'envoy.config.route.v3.ScopedRouteConfiguration', { name: version });
    const [first, second] = [scope('first'), scope('second')];
    const told = (peer: string, resource: typeof first) => forProxy?.(resource, { gatewayKey: 'a/b', peer });
    expect(told('10.0.0.1:1000', first)).to.equal(first);
    expect(told('10.0.0.2:1000', first)).to.equal(first);
    expect(told('10.0.0.1:2000', second)).to.equal(first);
    expect(told('10.0.0.2:1000', second)).to.equal(second);
  });

  it('leave a proxy no time to drain, and the objects as they are', () => {
    const { proxyObjects } = hooksOf('goaway-missing');
    const written = deployment();
    const [made] = proxyObjects?.([written]) ?? [];
    expect(JSON.stringify(made)).to.contain('["--drain-time-s","0","-c","x"]');
    expect(written).to.deep.equal(deployment());
  });
});
