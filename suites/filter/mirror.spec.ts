import { expect, scenario, type Call } from '../../harness/index.ts';
import { acceptedOrDeclined } from '../optional-support.ts';
import { echo, echoTwo, guideEcho, guideEchoV2, probe, probeTwo } from '../methods.ts';
import { heavierMustAnswer } from '../weight/shares.ts';
import { valuesOf } from './header-values.ts';

const host = 'filter.example.com';
const times = 20;
/** Metadata beside the nonce. */
const sent = { 'x-text': 'two words', 'x-data-bin': '/+8A' };

interface Received {
  messages: number;
  payloadBytes: number;
}

scenario(
  {
    id: 'filter/mirror',
    title:
      'Every call of a mirrored rule is copied once, whichever backend it goes to, and the caller hears that only',
    support: 'extended',
    clauses: [
      'filter-mirror-copies-calls',
      'filter-mirror-copies-large-calls',
      'filter-mirror-default-all',
      'filter-request-header-set',
      'filter-response-header-set',
      'filter-backend-level-only-there',
      'filter-backend-level-unsupported-visible',
      'filter-scope-is-rule',
      'match-any-of-matches',
      'refgrant-same-namespace-not-needed',
      'weight-proportional',
    ],
    backends: ['v1', 'v2', 'copy'],
    guards: ['envoyproxy/envoy#18364', 'envoyproxy/gateway#6874', 'kubernetes-sigs/gateway-api#3514'],
  },
  async (t) => {
    await t.apply();
    if (!(await acceptedOrDeclined(t, 'mirrored', 'RequestMirror'))) return;
    const primaries = ['v1', 'v2'];
    await t.callMust({ host, method: probe }, { backend: primaries });
    await t.callMust({ host, method: probeTwo }, { backend: 'v1' });

    const [plain, mirrored] = [`${t.nonce}-plain`, `${t.nonce}-mirrored`];
    await t.callMustAlways(
      { host, method: probeTwo, metadata: { 'x-routeproof-nonce': plain } },
      { backend: 'v1' },
      times,
    );
    const answered = await t.callMustAlways(
      { host, method: probe, metadata: { 'x-routeproof-nonce': mirrored, ...sent } },
      { backend: primaries },
      times,
    );
    await t.check(
      'the filter beside the mirror does its work',
      () => {
        for (const { received } of answered)
          expect(valuesOf(received, 'x-edited')).to.deep.equal(['beside the mirror']);
      },
      'routed',
    );

    const copies = await t.seenBy('copy', mirrored, { atLeast: times });
    await t.check(
      'the mirror has each call once, as it was sent',
      () => {
        expect(copies).to.have.length(times);
        for (const copy of copies) expect(copy).to.include({ method: probe });
        for (const { metadata = [] } of copies.flatMap((copy) => copy ?? []))
          expect(Object.fromEntries(metadata), 'metadata of a copy').to.include(sent);
      },
      'routed',
    );
    const originals = [...(await t.seenBy('v1', mirrored)), ...(await t.seenBy('v2', mirrored))];
    const others = await t.seenBy('copy', plain);
    await t.check(
      'the primaries have each call once, and calls of the other rule are not copied',
      () => {
        expect(originals).to.have.length(times);
        expect(others).to.have.length(0);
      },
      'routed',
    );

    const likewise: [name: string, call: Call, what: string][] = [
      [
        'streamed',
        { host, method: 'routeproof.v1.Probe/ServerStream' },
        'calls that the second match of the rule takes are copied too, and they are streams',
      ],
      [
        'both-ways',
        { host, method: 'routeproof.v1.Probe/BidiStream' },
        'streams of both sides are copied too',
      ],
      ['over-tls', { host, method: probe, tls: true }, 'calls over TLS are copied as well'],
    ];
    for (const [name, call, what] of likewise) {
      const nonce = `${t.nonce}-${name}`;
      const metadata = { 'x-routeproof-nonce': nonce };
      await t.callMust(call, { backend: primaries });
      await t.callMustAlways({ ...call, metadata }, { backend: primaries }, times);
      const copied = await t.seenBy('copy', nonce, { atLeast: times });
      await t.check(what, () => expect(copied).to.have.length(times), 'routed');
    }
    const inFull = async (what: string, kind: string, count: number, sizeBytes: number): Promise<void> => {
      const nonce = `${t.nonce}-${count}-of-${sizeBytes}`;
      await t.callMustAlways(
        {
          host,
          method: `routeproof.v1.Probe/${kind}`,
          message: Array.from({ length: count }, () => ({ payload: new Uint8Array(sizeBytes) })),
          metadata: { 'x-routeproof-nonce': nonce },
        },
        { backend: primaries },
        1,
      );
      await t.askUntil({
        what,
        ask: async () => {
          const message = { nonces: [nonce] };
          const asked = await t.call({ direct: 'copy', method: 'routeproof.v1.Ledger/Seen', message });
          const [seen] = asked.responses[0]?.['seen'] as { calls: Received[] }[];
          return seen?.calls ?? [];
        },
        isSo: ([copied]) =>
          Number(copied?.messages) === count && Number(copied?.payloadBytes) === count * sizeBytes,
        seen: (calls) =>
          calls.map((each) => `${String(each.messages)} messages, ${String(each.payloadBytes)} bytes`).join(),
        layer: 'routed',
      });
    };
    const stream = 'ClientStream';
    await inFull('the copy of a stream that its caller sends has all of its messages', stream, 3, 40_000);
    await t.implied(['filter-mirror-copies-large-calls'], async () => {
      await inFull('the copy of a stream of more than 1 MiB has all of its messages', stream, 3, 1_048_576);
      await inFull('the copy of a call with one message of 3 MiB has all of it', 'Unary', 1, 3_145_728);
    });

    const doubled = `${t.nonce}-doubled`;
    await t.callMust({ host, method: echo }, { backend: 'v1' });
    await t.callMustAlways(
      { host, method: echo, metadata: { 'x-routeproof-nonce': doubled } },
      { backend: 'v1' },
      times,
    );
    const both = await t.seenBy('v1', doubled, { atLeast: 2 * times });
    await t.check(
      'a backend that is the mirror as well has each call and a copy of it',
      () => {
        expect(both).to.have.length(2 * times);
      },
      'routed',
    );
    await heavierMustAnswer(t, { host, method: echoTwo }, { heavy: 'v1', light: 'v2' });

    if (await acceptedOrDeclined(t, 'mirrored-with-answers', 'ResponseHeaderModifier')) {
      const { headers } = await t.callMust({ host, method: guideEcho }, { backend: 'v1' });
      await t.check(
        'the answer is edited beside the mirror',
        () => expect(valuesOf(headers, 'x-answered')).to.deep.equal(['beside the mirror']),
        'routed',
      );
    }
    const withFilter = await acceptedOrDeclined(
      t,
      'mirrored-with-backend-filter',
      'a filter on a backendRef',
      'filter-backend-level-unsupported-visible',
    );
    if (withFilter) {
      const nonce = `${t.nonce}-beside-filter`;
      const call = { host, method: guideEchoV2, metadata: { 'x-routeproof-nonce': nonce } };
      await t.callMust({ host, method: guideEchoV2 }, { backend: 'v1' });
      await t.callMustAlways(call, { backend: 'v1' }, times);
      const copied = await t.seenBy('copy', nonce, { atLeast: times });
      const served = await t.seenBy('v1', nonce, { atLeast: times });
      await t.check(
        'calls of a backend with a filter of its own are copied once, and that filter works',
        () => {
          expect([copied.length, served.length]).to.deep.equal([times, times]);
          for (const { metadata = [] } of served.flatMap((each) => each ?? []))
            expect(Object.fromEntries(metadata)).to.include({ 'x-backend': 'first' });
        },
        'routed',
      );
    }
    t.note(
      `:authority at the mirror: ${copies[0]?.authority ?? '?'}, at the primary: ${originals[0]?.authority ?? '?'}`,
    );
  },
);
