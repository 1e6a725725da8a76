import { isDeepStrictEqual } from 'node:util';
import { expect, scenario } from '../../harness/index.ts';

const label = 'gateway.networking.k8s.io/gateway-name=edge';

interface Services {
  items: { metadata: { name: string }; spec: { selector?: Record<string, string> } }[];
}

scenario(
  {
    id: 'gateway/edited-service',
    title: 'A Gateway whose generated Service somebody has select other pods is served again by itself',
    support: 'extended',
    features: ['GatewayInfrastructure'],
    clauses: ['gateway-programmed-true', 'gateway-generated-name-label'],
    backends: ['v1'],
  },
  async (t) => {
    const selectors = async (): Promise<Record<string, unknown>> => {
      const { stdout } = await t.kubectl(['get', 'services', '-l', label, '-o', 'json']);
      const { items } = JSON.parse(stdout) as Services;
      return Object.fromEntries(items.map(({ metadata, spec }) => [metadata.name, spec.selector]));
    };
    await t.apply();
    await t.gatewayMustBeProgrammed('edge');
    await t.callMust({ host: 'rpc.example.com' }, { backend: 'v1' });
    const before = await selectors();

    const [name = ''] = Object.keys(before);
    const nobody = { spec: { selector: { 'routeproof.dev/nobody': 'yes' } } };
    const patch = ['patch', 'service', name, '--type=merge', '-p', JSON.stringify(nobody)];
    const { exitCode, stderr } = await t.kubectl(patch);
    await t.check('the Service can be edited', () => expect(exitCode, stderr).to.equal(0), 'apply');
    await t.askUntil({
      what: 'the Service selects the pods that it did',
      ask: selectors,
      isSo: (now) => isDeepStrictEqual(now, before),
      seen: (now) => JSON.stringify(now),
      layer: 'programmed',
    });
    await t.gatewayMustBeProgrammed('edge');
    await t.callMust({ host: 'rpc.example.com' }, { backend: 'v1' });
  },
);
