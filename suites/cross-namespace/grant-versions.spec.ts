import { expect, scenario } from '../../harness/index.ts';
import { unserved } from '../expected.ts';
import type { ReferenceGrant } from '../shapes.ts';

const call = { host: 'checkout.example.com' };

scenario(
  {
    id: 'cross-namespace/grant-versions',
    title: 'A ReferenceGrant written as v1beta1 is the same object as v1 and permits the same',
    support: 'core',
    features: ['ReferenceGrant'],
    clauses: ['validation-refgrant-both-versions-served', 'refgrant-addition-enables'],
    backends: ['v1', 'store/stock'],
    manifests: ['grant-versions.yaml', 'grant-versions.grant.yaml'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustHaveCondition('checkout', {
      type: 'ResolvedRefs',
      status: 'False',
      reason: 'RefNotPermitted',
    });
    await t.callMust(call, unserved);
    await t.apply('grant-versions.grant.yaml');
    const read = async (version: string): Promise<ReferenceGrant> => {
      const resource = `referencegrants.${version}.gateway.networking.k8s.io`;
      const { stdout, stderr } = await t.kubectl([
        'get',
        resource,
        'checkout-to-stock',
        '-n',
        t.namespace('store'),
        '-o',
        'json',
      ]);
      if (stdout === '') throw new Error(`${resource} cannot be read: ${stderr}`);
      return JSON.parse(stdout) as ReferenceGrant;
    };
    const [stable, beta] = await Promise.all([read('v1'), read('v1beta1')]);
    await t.check(
      'both versions show one object',
      () => {
        expect(stable.metadata?.uid).to.equal(beta.metadata?.uid);
        expect(stable.spec).to.deep.equal(beta.spec);
      },
      'apply',
    );
    await t.routeMustBeAccepted('checkout');
    await t.callMust(call, { backend: 'store/stock' });
  },
);
