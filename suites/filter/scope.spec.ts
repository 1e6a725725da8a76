import { expect, scenario } from '../../harness/index.ts';
import { acceptedOrDeclined } from '../optional-support.ts';
import { echo, probe, probeTwo } from '../methods.ts';

const host = 'filter.example.com';

scenario(
  {
    id: 'filter/scope',
    title: 'A filter touches all calls of its own rule, and no others',
    support: 'core',
    clauses: [
      'filter-scope-is-rule',
      'filter-request-header-set',
      'filter-request-header-remove',
      'match-any-of-matches',
    ],
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

    const bySecondMatch = await t.callMust(
      { host, method: 'routeproof.v1.Probe/ServerStream' },
      { backend: 'v1' },
    );
    await t.check(
      'the filters of a rule are for all of its matches',
      () => {
        expect([
          bySecondMatch.received.get('x-rule'),
          bySecondMatch.headers.get('x-rule'),
          bySecondMatch.received.get('x-second'),
        ]).to.deep.equal([['edited'], ['edited'], undefined]);
      },
      'routed',
    );
    const beside = await t.callMust({ host, method: echo }, { backend: 'v1' });
    await t.check(
      'another route of the same host has none of them',
      () => {
        expect(
          ['x-rule', 'x-second', 'x-version'].filter(
            (name) => beside.received.has(name) || beside.headers.has(name),
          ),
        ).to.deep.equal([]);
      },
      'routed',
    );

    const byHeader = await t.callMust(
      { host, method: probeTwo, metadata: { version: 'two', region: 'eu' } },
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
    await t.check(
      'the header that it is chosen by can be edited too',
      () => {
        expect(byHeader.received.has('version')).to.equal(false);
        expect(byHeader.received.get('region')).to.deep.equal(['set by the rule']);
      },
      'routed',
    );
  },
);
