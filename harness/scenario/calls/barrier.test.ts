import { status } from '@grpc/grpc-js';
import type { KubeObject } from '../../kube/objects.ts';
import { expect } from '../core/assertion-count.ts';
import { FakeCluster } from '../fake-cluster.fixture.ts';
import type { ScenarioBody } from '../../specs/registry.ts';

interface MarkerRule {
  filters?: { requestHeaderModifier: { set: { name: string; value: string }[] } }[];
}

describe('the barrier', () => {
  let cluster: FakeCluster;

  beforeEach(async () => {
    cluster = new FakeCluster();
    await cluster.start();
  });

  afterEach(() => cluster.stop());

  const waits: ScenarioBody = async (t) => {
    await t.barrier({ gateway: 'routeproof-base/shared', port: cluster.gateway.port });
    await t.check('that is all', () => undefined);
  };

  /** The rule of the marker's route that is there now. */
  const markerRule = (): MarkerRule | undefined => {
    const routes = [...cluster.api.objects.values()].filter(({ metadata }) =>
      metadata?.name?.startsWith('rp-marker-'),
    );
    return (routes[0] as (KubeObject & { spec?: { rules: MarkerRule[] } }) | undefined)?.spec?.rules[0];
  };

  it('is passed when the route written last is served', async () => {
    const rules: MarkerRule[] = [];
    cluster.gateway.answer = () => {
      const rule = markerRule();
      if (rule === undefined) return { status: status.UNIMPLEMENTED };
      rules.push(rule);
      return { pod: 'pod-1' };
    };
    const { verdict, seen } = await cluster.run(waits);
    expect(verdict, seen).to.equal('pass');
    expect(rules.flatMap(({ filters = [] }) => filters)).to.deep.equal([]);
  });

  it('is not passed by the answer of a route that takes every call', async () => {
    const result = await cluster.run(waits);
    expect(result).to.include({ verdict: 'wrong', layer: 'routed' });
    expect(result.seen).to.contain('OK (0) from v1, by another route that takes every call');
  });

  it('tells its own route from one that takes every call', async () => {
    cluster.gateway.answer = ({ metadata }) => {
      for (const { requestHeaderModifier } of markerRule()?.filters ?? [])
        for (const { name, value } of requestHeaderModifier.set) metadata.set(name, value);
      return { pod: 'pod-1' };
    };
    const { verdict, seen } = await cluster.run(waits);
    expect(verdict, seen).to.equal('pass');
  });
});
