import { expect, scenario } from '../../harness/index.ts';
import { acceptedOrDeclined } from '../optional-support.ts';
import { valuesOf } from './header-values.ts';

const host = 'filter.example.com';

scenario(
  {
    id: 'filter/response-values',
    title:
      'What a filter sets on answers means itself, and of names that differ in case only the first counts',
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
  },
);
