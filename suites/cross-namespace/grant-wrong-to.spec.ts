import { scenario } from '../../harness/index.ts';
import { unserved } from '../expected.ts';

/** Its name begins with that of the other one, which a grant names. */
const toArchive = { host: 'checkout.example.com' };
const toPrices = { host: 'checkout.example.com', method: 'routeproof.v1.ProbeTwo/Unary' };
const refused = { type: 'ResolvedRefs', status: 'False', reason: 'RefNotPermitted' } as const;

scenario(
  {
    id: 'cross-namespace/grant-wrong-to',
    title: 'A grant covers what it names and nothing else; several grants add up',
    support: 'core',
    features: ['ReferenceGrant'],
    clauses: [
      'refgrant-wrong-to-kind',
      'refgrant-wrong-to-group',
      'refgrant-wrong-to-name',
      'refgrant-to-name-specific',
      'refgrant-to-name-omitted-all',
      'refgrant-to-entries-ored',
      'refgrant-multiple-grants-additive',
    ],
    backends: ['store/prices-archive', 'store/prices'],
    manifests: ['grant-wrong-to.yaml', 'grant-wrong-to.everything.yaml'],
  },
  async (t) => {
    await t.apply();
    await t.callMust(toPrices, { backend: 'store/prices' });
    await t.routeMustHaveCondition('checkout', refused);
    await t.callMustAlways(toArchive, unserved);

    await t.apply('grant-wrong-to.everything.yaml');
    await t.routeMustBeAccepted('checkout');
    await t.callMust(toArchive, { backend: 'store/prices-archive' });

    await t.remove({ kind: 'ReferenceGrant', name: 'everything', namespace: 'store' });
    await t.routeMustHaveCondition('checkout', refused);
    await t.callMust(toArchive, unserved);
    await t.callMustAlways(toPrices, { backend: 'store/prices' });
  },
);
