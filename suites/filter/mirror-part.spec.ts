import { expect, scenario } from '../../harness/index.ts';
import { acceptedOrDeclined } from '../optional-support.ts';
import { echo, probe, probeTwo } from '../methods.ts';
import { acceptedCounts } from '../weight/binomial.ts';
import type { Route } from '../shapes.ts';
import { sampleSize } from '../weight/shares.ts';

/** One that misses a call in 20 has none missing of these once in five million times. */
const everyCall = 300;
const host = 'filter.example.com';
/** Of these calls a mirror of 4 in 1000 misses all once in 20 million times; half of the time the first 200 are enough. */
const rareCalls = { most: 4200, atOnce: 100 };
const parts = [
  { method: echo, share: 0 },
  { method: probe, share: 0.5 },
  { method: 'routeproof.v1.Probe/ServerStream', share: 0.2 },
];

interface Part {
  percent?: number;
  fraction?: { numerator: number; denominator?: number };
}

type Mirroring = Route & { spec: { rules?: { filters?: { requestMirror?: Part }[] }[] } };

scenario(
  {
    id: 'filter/mirror-part',
    title:
      'A mirror with a percent or a fraction gets that part of the calls, be it less than one in a hundred, and another part after an edit',
    support: 'extended',
    clauses: [
      'filter-mirror-percent',
      'filter-mirror-percent-zero',
      'filter-mirror-fraction',
      'filter-mirror-fraction-denominator-default',
      'filter-mirror-default-all',
    ],
    backends: ['v1', 'copy'],
  },
  async (t) => {
    await t.apply();
    if (!(await acceptedOrDeclined(t, 'mirrored-in-part', 'RequestMirror with a percentage'))) return;
    for (const { method } of parts) await t.callMust({ host, method }, { backend: 'v1' });
    await t.callMust({ host, method: probeTwo }, { backend: 'v1' });

    const nonceOf = (share: number): string => `${t.nonce}-${String(share * 100)}`;
    for (const { method, share } of parts) {
      const metadata = { 'x-routeproof-nonce': nonceOf(share) };
      const answered = await t.distribution({ host, method, metadata }, sampleSize);
      await t.check(
        'the primary answers all calls',
        () => {
          expect([...answered]).to.deep.equal([['v1', sampleSize]]);
        },
        'routed',
      );
    }

    // A copy of each later call has arrived, so those of the sample have had their time.
    const last = { 'x-routeproof-nonce': `${t.nonce}-last` };
    const later = await t.distribution({ host, method: probeTwo, metadata: last }, everyCall);
    const all = await t.seenBy('copy', `${t.nonce}-last`, { atLeast: everyCall });
    await t.check(
      'a mirror without a part gets every call',
      () => {
        expect([...later]).to.deep.equal([['v1', everyCall]]);
        expect(all).to.have.length(everyCall);
      },
      'routed',
    );
    for (const { share } of parts) {
      const { low, high } = acceptedCounts(sampleSize, share);
      const copies = await t.seenBy('copy', nonceOf(share));
      await t.check(
        `of ${String(sampleSize)} calls ${String(low)} to ${String(high)} are mirrored (share ${String(share)})`,
        () => {
          expect(copies.length).to.be.within(low, high);
        },
      );
    }

    await t.update<Mirroring>({ kind: 'GRPCRoute', name: 'mirrored-in-part' }, ({ spec }) => {
      for (const { filters = [] } of spec.rules ?? [])
        for (const { requestMirror } of filters)
          if (requestMirror?.percent === 0) {
            delete requestMirror.percent;
            requestMirror.fraction = { numerator: 3, denominator: 3 };
          } else if (requestMirror?.percent !== undefined) requestMirror.percent = 100;
    });
    await t.routeMustBeAccepted('mirrored-in-part');
    await t.barrier();
    const nonce = `${t.nonce}-edited`;
    const metadata = { 'x-routeproof-nonce': nonce };
    await t.callMustAlways({ host, method: echo, metadata }, { backend: 'v1' }, 20);
    await t.check(
      'a mirror that had no percent of the calls and has three thirds now gets every call',
      async () => {
        expect(await t.seenBy('copy', nonce, { atLeast: 20 })).to.have.length(20);
      },
      'routed',
    );
    const whole = { 'x-routeproof-nonce': `${t.nonce}-whole` };
    const stream = { host, method: 'routeproof.v1.Probe/ServerStream', metadata: whole };
    await t.callMustAlways(stream, { backend: 'v1' }, 20);
    await t.check(
      'a mirror of 100 percent gets every call',
      async () => {
        expect(await t.seenBy('copy', `${t.nonce}-whole`, { atLeast: 20 })).to.have.length(20);
      },
      'routed',
    );

    if (!(await acceptedOrDeclined(t, 'mirrored-rarely', 'RequestMirror of less than one percent'))) return;
    const rare = { host: 'rarely.example.com', metadata: { 'x-routeproof-nonce': `${t.nonce}-rare` } };
    await t.callMust({ host: rare.host }, { backend: 'v1' });
    let copies = 0;
    let calls = 0;
    while (copies === 0 && calls < rareCalls.most) {
      await t.distribution(rare, rareCalls.atOnce);
      calls += rareCalls.atOnce;
      copies = (await t.seenBy('copy', `${t.nonce}-rare`)).length;
    }
    await t.check(
      `a mirror of 4 in 1000 calls gets one of ${String(rareCalls.most)}, and not each`,
      () => expect(copies).to.be.within(1, calls / 2),
      'routed',
    );
  },
);
