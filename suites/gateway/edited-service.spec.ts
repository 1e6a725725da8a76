import { isDeepStrictEqual } from 'node:util';
import { expect, scenario } from '../../harness/index.ts';

const label = 'gateway.networking.k8s.io/gateway-name=edge';

interface Service {
  metadata: { name: string };
  spec: { selector?: Record<string, string> };
}

scenario(
  {
    id: 'gateway/edited-service',
    title: 'A Gateway whose generated Service somebody has select other pods is served again by itself',
    support: 'informational',
    features: ['GatewayInfrastructure'],
    clauses: ['gateway-generated-objects-restored'],
    backends: ['v1'],
    manifests: ['generated-service.yaml'],
  },
  async (t) => {
    const services = async (): Promise<Service[]> => {
      const { stdout } = await t.kubectl(['get', 'services', '-l', label, '-o', 'json']);
      return (JSON.parse(stdout) as { items: Service[] }).items;
    };
    await t.apply();
    await t.gatewayMustBeProgrammed('edge');
    await t.callMust({ host: 'rpc.example.com' }, { backend: 'v1' });
    const edited = (await services()).find(({ spec }) => spec.selector !== undefined);
    if (edited === undefined) {
      t.note('No Service with a selector is generated for the Gateway: there is nothing to edit.');
      return;
    }
    const { name } = edited.metadata;

    const nobody = { spec: { selector: { 'routeproof.dev/nobody': 'yes' } } };
    const patch = ['patch', 'service', name, '--type=merge', '-p', JSON.stringify(nobody)];
    const { exitCode, stderr } = await t.kubectl(patch);
    await t.check('the Service can be edited', () => expect(exitCode, stderr).to.equal(0), 'apply');
    await t.askUntil({
      what: 'the Service selects the pods that it did',
      ask: services,
      isSo: (now) =>
        now.some(
          ({ metadata, spec }) =>
            metadata.name === name && isDeepStrictEqual(spec.selector, edited.spec.selector),
        ),
      seen: (now) => JSON.stringify(now.map(({ spec }) => spec.selector)),
      layer: 'programmed',
    });
    await t.gatewayMustBeProgrammed('edge');
    await t.callMust({ host: 'rpc.example.com' }, { backend: 'v1' });
  },
);
