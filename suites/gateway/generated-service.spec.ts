import { expect, scenario } from '../../harness/index.ts';

const selector = 'gateway.networking.k8s.io/gateway-name=edge';

interface Generated {
  items: { metadata: { uid: string }; status?: { readyReplicas?: number } }[];
}

scenario(
  {
    id: 'gateway/generated-service',
    title:
      'A Gateway whose generated Service or Deployment somebody deletes gets another one, and is served again by itself',
    support: 'extended',
    features: ['GatewayInfrastructure'],
    clauses: [
      'gateway-programmed-true',
      'gateway-address-reported',
      'gateway-generated-name-label',
      'gateway-generated-objects-restored',
    ],
    backends: ['v1'],
  },
  async (t) => {
    const uids = async (kind: string): Promise<string[]> => {
      const { stdout } = await t.kubectl(['get', kind, '-l', selector, '-o', 'json']);
      return (JSON.parse(stdout) as Generated).items.map(({ metadata }) => metadata.uid);
    };
    const mustComeBack = async (kind: 'Service' | 'Deployment', before: readonly string[]): Promise<void> => {
      const { exitCode, stderr } = await t.kubectl(['delete', kind, '-l', selector, '--wait=false']);
      await t.check(`the ${kind} can be deleted`, () => expect(exitCode, stderr).to.equal(0), 'apply');
      await t.askUntil({
        what: `another ${kind} is there for the Gateway`,
        ask: () => uids(kind),
        isSo: (now) => now.some((uid) => !before.includes(uid)),
        seen: (now) => `${String(now.length)} of kind ${kind} with its label`,
        layer: 'programmed',
      });
    };
    const mustBeServed = async (): Promise<void> => {
      await t.gatewayMustBeProgrammed('edge');
      await t.callMust({ host: 'rpc.example.com' }, { backend: 'v1' });
    };
    await t.apply();
    await mustBeServed();
    await mustComeBack('Service', await uids('Service'));
    await mustBeServed();

    await t.implied(['gateway-generated-objects-restored'], async () => {
      const deployments = await uids('Deployment');
      if (deployments.length === 0) {
        t.note('No Deployment is generated for the Gateway in its namespace: there is nothing to delete.');
        return;
      }
      const pods = await uids('Pod');
      await mustComeBack('Deployment', deployments);
      await t.askUntil({
        what: 'the pods of the first one are gone, and others are ready',
        ask: async () => {
          const { stdout } = await t.kubectl(['get', 'deployments,pods', '-l', selector, '-o', 'json']);
          return (JSON.parse(stdout) as Generated).items;
        },
        isSo: (now) =>
          !now.some(({ metadata }) => pods.includes(metadata.uid)) &&
          now.some(({ status }) => (status?.readyReplicas ?? 0) > 0),
        seen: (now) => `${String(now.length)} Deployments and pods with its label`,
        layer: 'programmed',
      });
      await mustBeServed();
    });
  },
);
