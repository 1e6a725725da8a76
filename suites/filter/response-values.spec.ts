import { expect, scenario } from '../../harness/index.ts';
import { acceptedOrDeclined } from '../optional-support.ts';
import type { Route } from '../shapes.ts';
import { valuesOf } from './header-values.ts';

const host = 'filter.example.com';
/** As long as the CRD allows. */
const longest = 'v'.repeat(4096);
const long = {
  type: 'ResponseHeaderModifier',
  responseHeaderModifier: { set: [{ name: 'x-long', value: longest }] },
};

scenario(
  {
    id: 'filter/response-values',
    title:
      'What a filter sets on answers means itself, however long it is, and of names that differ in case only the first counts',
    support: 'extended',
    clauses: ['filter-response-header-set', 'filter-header-equivalent-name-first'],
    backends: ['v1'],
    guards: ['nginx/nginx-gateway-fabric#5008'],
  },
  async (t) => {
    await t.apply();
    if (!(await acceptedOrDeclined(t, 'literal-answers', 'ResponseHeaderModifier'))) return;
    const { headers } = await t.callMust({ host }, { backend: 'v1' });
    await t.check(
      'no value is taken for a command, and no second value is there',
      () => {
        expect(valuesOf(headers, 'x-literal')).to.deep.equal(['%RESPONSE_CODE%']);
        expect(valuesOf(headers, 'x-dollar')).to.deep.equal(['$host ${request_uri}']);
        expect(valuesOf(headers, 'x-twice')).to.deep.equal(['first']);
      },
      'routed',
    );

    await t.update<Route>({ kind: 'GRPCRoute', name: 'literal-answers' }, ({ spec }) => {
      for (const rule of spec.rules ?? []) rule.filters = [long];
    });
    await t.callMust(
      { host },
      {
        backend: 'v1',
        also: (answer) => expect(valuesOf(answer.headers, 'x-long')).to.deep.equal([longest]),
      },
    );
  },
);
