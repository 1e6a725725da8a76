import { expect, scenario } from '../../harness/index.ts';
import { route, withParents } from './grpcroute-objects.ts';
import { gatewayApiCrds, releaseOf } from './installed-crds.ts';

const gw = { name: 'gw' };
/** v1.7.0 takes the rule into the standard channel. */
const olderThanUniqueNames = /^v(0\.|1\.[0-6]\.)/;

scenario(
  {
    id: 'validation/crds',
    title: 'The installed CRDs say which release and channel they are, and hold what these hold',
    support: 'core',
    clauses: [
      'validation-crd-annotations-present',
      'validation-grpcroute-experimental-fields-absent',
      'validation-grpcroute-parentrefs-port-not-distinguishing',
      'name-unique',
    ],
    manifests: [],
  },
  async (t) => {
    const crds = await gatewayApiCrds(t);
    await t.check(
      'every CRD of Gateway API carries a version and a channel',
      () => {
        expect(crds.map(({ metadata }) => metadata?.name)).to.include('grpcroutes.gateway.networking.k8s.io');
        for (const crd of crds) {
          const { annotations = {}, name } = crd.metadata ?? {};
          expect(annotations['gateway.networking.k8s.io/bundle-version'], name).to.match(
            /^v\d+\.\d+\.\d+|^main/,
          );
          expect(annotations['gateway.networking.k8s.io/channel'], name).to.match(
            /^(standard|experimental)$/,
          );
        }
      },
      'apply',
    );
    const { version, channel } = releaseOf(crds);
    const standard = channel === 'standard';
    if (!standard) t.note('the experimental channel is installed: what it adds has to be there');
    const [defaults, ports, sections, names] = await Promise.all([
      t.rejection(route({ useDefaultGateways: 'All' })),
      t.rejection(withParents({ ...gw, port: 80 }, { ...gw, port: 81 })),
      t.rejection(withParents({ ...gw, sectionName: 'a' }, { ...gw, sectionName: 'b' })),
      t.rejection(route({ rules: [{ name: 'same' }, { name: 'same' }] })),
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
    await t.check(
      'names of rules are unique in the experimental channel, and from v1.7.0 in both',
      () => {
        if (standard && olderThanUniqueNames.test(version)) expect(names).to.equal(undefined);
        else expect(names).to.match(/spec\.rules.*Rule name must be unique/);
      },
      'apply',
    );
  },
);
