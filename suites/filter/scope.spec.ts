import { expect, scenario } from '../../harness/index.ts';
import { acceptedOrDeclined } from '../optional-support.ts';
import { probe, probeTwo } from '../methods.ts';

const host = 'filter.example.com';

scenario(
  {
    id: 'filter/scope',
    title: 'A filter touches the calls of its own rule only',
    support: 'core',
    clauses: ['filter-scope-is-rule'],
    backends: ['v1'],
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
  },
);
