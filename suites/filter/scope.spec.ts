import { expect, scenario } from '../../harness/index.ts';
import { acceptedOrDeclined } from '../optional-support.ts';
import { probe, probeTwo } from '../methods.ts';

const host = 'filter.example.com';

scenario(
  {
    id: 'filter/scope',
    title: 'A filter touches the calls of its own rule only',
    support: 'core',
    clauses: ['filter-scope-is-rule', 'filter-request-header-set'],
    backends: ['v1'],
    guards: ['argoproj-labs/rollouts-plugin-trafficrouter-gatewayapi#87'],
  },
  async (t) => {
    await t.apply();
    if (!(await acceptedOrDeclined(t, 'one-rule-of-two', 'ResponseHeaderModifier'))) return;

    const edited = await t.callMust({ host, method: probe }, { backend: 'v1' });
    const second = await t.callMust({ host, method: probeTwo }, { backend: 'v1' });
    await t.check(
      'each rule edits the headers that its own filters name',
      () => {
        expect([edited.received.get('x-rule'), edited.headers.get('x-rule')]).to.deep.equal([
          ['edited'],
          ['edited'],
        ]);
        expect([second.received.get('x-rule'), second.headers.get('x-rule')]).to.deep.equal([
          undefined,
          undefined,
        ]);
        expect([edited.received.get('x-second'), second.received.get('x-second')]).to.deep.equal([
          undefined,
          ['edited'],
        ]);
      },
      'routed',
    );

    const byHeader = await t.callMust(
      { host, method: probeTwo, metadata: { version: 'two' } },
      { backend: 'v1' },
    );
    await t.check(
      'a rule that is chosen by a header has filters like others',
      () => {
        expect([byHeader.received.get('x-version'), byHeader.received.get('x-second')]).to.deep.equal([
          ['edited'],
          undefined,
        ]);
      },
      'routed',
    );
  },
);
