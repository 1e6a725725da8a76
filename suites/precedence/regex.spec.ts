import { expect, scenario } from '../../harness/index.ts';
import { acceptedOrDeclined } from '../optional-support.ts';

const host = 'rank.example.com';

scenario(
  {
    id: 'precedence/regex',
    title: 'How a pattern ranks against an exact name is told, and is the same for every call',
    support: 'implementation-specific',
    clauses: ['precedence-regex-unspecified', 'grpcroute-single-rule-per-call'],
    backends: ['v1', 'v2'],
    guards: ['kubernetes-sigs/gateway-api#2216'],
  },
  async (t) => {
    await t.apply();
    if (!(await acceptedOrDeclined(t, 'exact-and-pattern', 'a method match by regular expression'))) return;

    const { backend } = await t.callMust({ host }, { backend: ['v1', 'v2'] });
    if (backend === undefined) expect.fail('callMust returned without a backend');
    await t.callMustAlways({ host }, { backend }, 20);
    t.note(
      backend === 'v1'
        ? 'a RegularExpression rule listed first wins over an Exact one'
        : 'an Exact rule wins over a RegularExpression one listed first',
    );
  },
);
