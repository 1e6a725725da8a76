import { expect, scenario } from '../../harness/index.ts';
import type { KubernetesObject } from '../../harness/index.ts';

const setHeader = {
  type: 'RequestHeaderModifier',
  requestHeaderModifier: { set: [{ name: 'x-a', value: 'new' }] },
};

scenario(
  {
    id: 'filter/unknown-types',
    title: 'The API server refuses filters that a GRPCRoute does not have, and header filters given twice',
    support: 'core',
    clauses: ['filter-invalid-type-rejected', 'filter-repeated-unsupported'],
    manifests: [],
  },
  async (t) => {
    const routeWith = (
      ...filters: { type: string; [setting: string]: unknown }[]
    ): KubernetesObject & { spec: object } => ({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'GRPCRoute',
      metadata: { name: 'filtered' },
      spec: { rules: [{ filters }] },
    });
    const accepted = await t.rejection(routeWith(setHeader));
    await t.check('the same route with one header filter is valid', () => {
      expect(accepted).to.equal(undefined);
    });

    const refused = [
      [{ type: 'RequestRedirect', requestRedirect: { hostname: 'b.example.com' } }],
      [{ type: 'URLRewrite', urlRewrite: { hostname: 'b.example.com' } }],
      [{ type: 'CORS', cors: { allowOrigins: ['https://a.example.com'] } }],
      [setHeader, setHeader],
    ];
    for (const filters of refused) {
      const names = filters.map(({ type }) => type).join(' and ');
      const refusal = await t.rejection(routeWith(...filters));
      await t.check(
        `${names} is refused`,
        () => {
          expect(refusal).to.match(/filters/);
        },
        'apply',
      );
    }
  },
);
