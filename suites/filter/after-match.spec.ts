import { expect, scenario } from '../../harness/index.ts';
import { probe } from '../methods.ts';
import { valuesOf } from './header-values.ts';

const host = 'filter.example.com';

scenario(
  {
    id: 'filter/after-match',
    title:
      'Rules are chosen by the headers that the caller sent, whatever the filters of a rule make of them',
    support: 'core',
    clauses: ['filter-scope-is-rule', 'filter-request-header-set'],
    backends: ['v1', 'v2'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('edited-after-match');

    const stable = await t.callMust({ host, method: probe }, { backend: 'v1' });
    await t.check(
      'the header that another rule looks for is set on the way to the backend of its own rule',
      () => expect(valuesOf(stable.received, 'version')).to.deep.equal(['two']),
      'routed',
    );
    await t.callMust({ host, method: probe, metadata: { version: 'two' } }, { backend: 'v2' });
    await t.callMustAlways({ host, method: probe }, { backend: 'v1' });
  },
);
