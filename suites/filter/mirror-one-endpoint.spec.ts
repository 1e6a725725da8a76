import { expect, scenario } from '../../harness/index.ts';
import { pointTo } from '../endpoint-slices.ts';
import { acceptedOrDeclined } from '../optional-support.ts';

const host = 'filter.example.com';
const times = 20;

scenario(
  {
    id: 'filter/mirror-one-endpoint',
    title:
      'A mirrored call goes to one pod of the mirror’s Service, however many there are, of those that it has now',
    support: 'extended',
    clauses: ['filter-mirror-single-endpoint', 'filter-mirror-copies-calls', 'backend-endpoints-follow'],
    guards: ['envoyproxy/gateway#5495'],
    backends: ['v1', 'copy-a', 'copy-b'],
  },
  async (t) => {
    await t.apply();
    await pointTo(t, 'copies', 'copy-a', 'copy-b');
    if (!(await acceptedOrDeclined(t, 'mirrored-to-several-pods', 'RequestMirror'))) return;
    await t.callMust({ host }, { backend: 'v1' });
    await t.barrier();

    const nonceOf = (call: number): string => `${t.nonce}-call-${String(call)}`;
    const calls = Array.from({ length: times }, (_, call) => call);
    for (const call of calls) {
      await t.callMustAlways(
        { host, metadata: { 'x-routeproof-nonce': nonceOf(call) } },
        { backend: 'v1' },
        1,
      );
    }
    const copiesOf = async (call: number): Promise<number> => {
      const seen = [await t.seenBy('copy-a', nonceOf(call)), await t.seenBy('copy-b', nonceOf(call))];
      return seen.flat().length;
    };
    // Copies are on their way when the calls are answered; further calls give them time to arrive.
    for (let more = 0; more < 100 && (await copiesOf(times - 1)) === 0; more += 1) await t.call({ host });
    const copies = await Promise.all(calls.map(copiesOf));
    await t.check(
      'each call has been copied once',
      () => {
        expect(copies).to.deep.equal(calls.map(() => 1));
      },
      'routed',
    );

    // Nothing but the mirror names the Service.
    await t.implied(['backend-endpoints-follow'], async () => {
      for (const [now, before] of [
        ['copy-b', 'copy-a'],
        ['copy-a', 'copy-b'],
      ] as const) {
        await pointTo(t, 'copies', now);
        let round = 0;
        await t.askUntil({
          what: `of ${times} calls each has its copy at ${now}, where the mirror's Service points now, and none elsewhere`,
          ask: async () => {
            round += 1;
            const nonce = `${t.nonce}-to-${now}-${round}`;
            const metadata = { 'x-routeproof-nonce': nonce };
            await t.callMustAlways({ host, metadata }, { backend: 'v1' }, times);
            const seenAt = async (backend: string): Promise<number> =>
              (await t.seenBy(backend, nonce)).length;
            for (let more = 0; more < 100 && (await seenAt(now)) + (await seenAt(before)) < times; more += 1)
              await t.call({ host });
            return { there: await seenAt(now), elsewhere: await seenAt(before) };
          },
          isSo: ({ there, elsewhere }) => there === times && elsewhere === 0,
          seen: ({ there, elsewhere }) => `${there} at ${now}, ${elsewhere} at ${before}`,
          layer: 'routed',
        });
      }
    });
  },
);
