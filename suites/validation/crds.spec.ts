import { expect, scenario } from '../../harness/index.ts';
import type { KubernetesObject, Scenario } from '../../harness/index.ts';
import { route, withParents } from './grpcroute-objects.ts';

const [versionKey, channelKey] = ['bundle-version', 'channel'].map(
  (name) => `gateway.networking.k8s.io/${name}`,
) as [string, string];
const gw = { name: 'gw' };

scenario(
  {
    id: 'validation/crds',
    title: 'The installed CRDs say which release and channel they are, and hold what that channel holds',
    support: 'core',
    clauses: [
      'validation-crd-annotations-present',
      'validation-grpcroute-experimental-fields-absent',
      'validation-grpcroute-parentrefs-port-not-distinguishing',
    ],
    manifests: [],
  },
  async (t) => {
    const crds = await gatewayApiCrds(t);
    await t.check(
      'every CRD of Gateway API carries a version and a channel',
      () => {
        expect(crds.map(({ metadata }) => metadata?.name)).to.include('grpcroutes.gateway.networking.k8s.io');
        for (const { metadata } of crds) {
          expect(metadata?.annotations?.[versionKey], metadata?.name).to.match(/^v\d+\.\d+\.\d+|^main/);
          expect(metadata?.annotations?.[channelKey], metadata?.name).to.be.oneOf([
            'standard',
            'experimental',
          ]);
        }
      },
      'apply',
    );
    const standard =
      crds.find(({ metadata }) => metadata?.name?.startsWith('grpcroutes.') === true)?.metadata
        ?.annotations?.[channelKey] === 'standard';
    if (!standard) t.note('the experimental channel is installed: what it adds has to be there');
    const [defaults, ports, sections] = await Promise.all([
      t.rejection(route({ useDefaultGateways: 'All' })),
      t.rejection(withParents({ ...gw, port: 80 }, { ...gw, port: 81 })),
      t.rejection(withParents({ ...gw, sectionName: 'a' }, { ...gw, sectionName: 'b' })),
    ]);
    await t.check(
      'two entries for one parent differ by sectionName, and by port in the experimental channel only',
      () => {
        expect(sections).to.equal(undefined);
        if (standard) expect(ports).to.match(/spec\.parentRefs.*sectionName must be unique/);
        else expect(ports).to.equal(undefined);
      },
      'apply',
    );
    await t.check(
      'experimental fields exist in the experimental channel only',
      () => {
        if (standard)
          expect(defaults).to.match(/useDefaultGateways.*not declared|unknown field.*useDefaultGateways/);
        else expect(defaults).to.equal(undefined);
      },
      'apply',
    );
  },
);

async function gatewayApiCrds(t: Scenario): Promise<KubernetesObject[]> {
  const { stdout } = await t.kubectl(['get', 'crd', '-o', 'json']);
  const { items } = JSON.parse(stdout) as { items: KubernetesObject[] };
  return items.filter(({ metadata }) => metadata?.name?.endsWith('.gateway.networking.k8s.io') === true);
}
