import { scenario } from '../../harness/index.ts';
import { refused } from '../expected.ts';
import { acceptedOrDeclined } from '../optional-support.ts';

const host = 'header.example.com';

scenario(
  {
    id: 'header/regex',
    title:
      'A RegularExpression header match selects values that fit the pattern, and counts where their number decides',
    support: 'implementation-specific',
    clauses: [
      'header-regex-value',
      'header-missing-does-not-match',
      'match-all-of-headers',
      'precedence-header-count',
    ],
    backends: ['v1', 'v2'],
    guards: ['argoproj-labs/rollouts-plugin-trafficrouter-gatewayapi#237'],
  },
  async (t) => {
    await t.apply();
    if (!(await acceptedOrDeclined(t, 'regex-value', 'a header match by regular expression'))) return;

    for (const version of ['v1', 'v12', 'v2026']) {
      await t.callMust({ host, metadata: { version } }, { backend: 'v1' });
    }
    for (const version of ['v', '12', 'V12', 'beta', '']) {
      await t.callMustAlways({ host, metadata: { version } }, refused, 3);
    }
    await t.callMustAlways({ host }, refused, 3);
    await t.callMust({ host, metadata: { env: 'canary', build: 'b17' } }, { backend: 'v1' });
    for (const metadata of [{ env: 'canary', build: '17' }, { env: 'canary' }, { build: 'b17' }]) {
      await t.callMustAlways({ host, metadata }, refused, 3);
    }

    await t.callMust({ host, metadata: { mode: 'optional', note: 'any text' } }, { backend: 'v2' });
    await t.callMustAlways({ host, metadata: { mode: 'optional' } }, refused, 3);

    await t.callMust({ host, metadata: { tier: 'gold' } }, { backend: 'v1' });
    await t.callMust({ host, metadata: { tier: 'gold', build: 'c17' } }, { backend: 'v2' });

    const partial = await t.call({ host, metadata: { version: 'xv12-beta' } });
    t.note(
      partial.backend === undefined
        ? 'header patterns match the whole value: v[0-9]+ does not match xv12-beta'
        : 'header patterns match a part of the value: v[0-9]+ matches xv12-beta',
    );
  },
);
