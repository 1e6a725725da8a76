import { expect, scenario } from '../../harness/index.ts';
import { acceptedOrDeclined } from '../optional-support.ts';
import { probe, probeTwo } from '../methods.ts';

const host = 'filter.example.com';
const times = 20;

scenario(
  {
    id: 'filter/mirror',
    title: 'Every call of a mirrored rule is copied once, and the caller hears the primary only',
    support: 'extended',
    clauses: ['filter-mirror-copies-calls', 'filter-mirror-default-all', 'filter-scope-is-rule'],
    backends: ['v1', 'copy'],
    guards: ['envoyproxy/gateway#6874', 'kubernetes-sigs/gateway-api#3514'],
  },
  async (t) => {
    await t.apply();
    if (!(await acceptedOrDeclined(t, 'mirrored', 'RequestMirror'))) return;
    await t.callMust({ host, method: probe }, { backend: 'v1' });
    await t.callMust({ host, method: probeTwo }, { backend: 'v1' });

    const [plain, mirrored] = [`${t.nonce}-plain`, `${t.nonce}-mirrored`];
    await t.callMustAlways(
      { host, method: probeTwo, metadata: { 'x-routeproof-nonce': plain } },
      { backend: 'v1' },
      times,
    );
    await t.callMustAlways(
      { host, method: probe, metadata: { 'x-routeproof-nonce': mirrored } },
      { backend: 'v1' },
      times,
    );

    const copies = await t.seenBy('copy', mirrored, { atLeast: times });
    await t.check(
      'the mirror has each call once, as it was sent',
      () => {
        expect(copies).to.have.length(times);
        for (const copy of copies) expect(copy).to.include({ method: probe });
      },
      'routed',
    );
    const [originals, others] = [await t.seenBy('v1', mirrored), await t.seenBy('copy', plain)];
    await t.check(
      'the primary has each call once, and calls of the other rule are not copied',
      () => {
        expect(originals).to.have.length(times);
        expect(others).to.have.length(0);
      },
      'routed',
    );
    t.note(
      `:authority at the mirror: ${copies[0]?.authority ?? '?'}, at the primary: ${originals[0]?.authority ?? '?'}`,
    );
  },
);
