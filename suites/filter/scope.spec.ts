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
    const plain = await t.callMust({ host, method: probeTwo }, { backend: 'v1' });
    await t.check(
      'only the first rule edits headers',
      () => {
        expect([edited.received.get('x-rule'), edited.headers.get('x-rule')]).to.deep.equal([
          ['edited'],
          ['edited'],
        ]);
        expect([plain.received.get('x-rule'), plain.headers.get('x-rule')]).to.deep.equal([
          undefined,
          undefined,
        ]);
      },
      'routed',
    );
  },
);
