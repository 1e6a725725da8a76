import { expect, scenario } from '../../harness/index.ts';

const selector = 'gateway.networking.k8s.io/gateway-name=edge';

interface Services {
  items: { metadata: { uid: string } }[];
}

scenario(
  {
    id: 'gateway/generated-service',
    title:
      'A Gateway whose generated Service somebody deletes gets another one, and is served again by itself',
    support: 'extended',
    features: ['GatewayInfrastructure'],
    clauses: ['gateway-programmed-true', 'gateway-address-reported', 'gateway-generated-name-label'],
    backends: ['v1'],
  },
  async (t) => {
    const services = async (): Promise<string[]> => {
      const { stdout } = await t.kubectl(['get', 'services', '-l', selector, '-o', 'json']);
      return (JSON.parse(stdout) as Services).items.map(({ metadata }) => metadata.uid);
    };
    await t.apply();
    await t.gatewayMustBeProgrammed('edge');
    await t.callMust({ host: 'rpc.example.com' }, { backend: 'v1' });
    const before = await services();

    const { exitCode, stderr } = await t.kubectl(['delete', 'services', '-l', selector, '--wait=false']);
    await t.check('the Service can be deleted', () => expect(exitCode, stderr).to.equal(0), 'apply');
    await t.askUntil({
      what: 'another Service is there for the Gateway',
      ask: services,
      isSo: (now) => now.some((uid) => !before.includes(uid)),
      seen: (now) => `${String(now.length)} Services with its label`,
      layer: 'programmed',
    });
    await t.gatewayMustBeProgrammed('edge');
    await t.callMust({ host: 'rpc.example.com' }, { backend: 'v1' });
  },
);
