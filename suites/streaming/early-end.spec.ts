import { expect, scenario } from '../../harness/index.ts';
import { numbered } from './numbered.ts';

const host = 'stream.example.com';
const refusal = { statusCode: 9, statusMessage: 'enough' };
const kinds = ['ClientStream', 'BidiStream'].map((kind) => `routeproof.v1.Probe/${kind}`);

scenario(
  {
    id: 'streaming/early-end',
    title:
      'A backend that ends a stream before its caller has finished is heard at once, and its status as it is',
    support: 'core',
    clauses: ['grpc-status-intact', 'backend-trailers-delivered', 'streaming-messages-not-held-back'],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('early-end');
    await t.callMust({ host }, { backend: 'v1' });

    for (const method of kinds) {
      for (const [behaviour, expected] of [
        [refusal, { status: 9, message: 'enough' }],
        [{}, { status: 0 }],
      ] as const) {
        const stream = await t.openStream({ host, method });
        stream.send({ behaviour: { ...behaviour, endAfterMessages: 1 } });
        const end = await stream.endOfBackend();
        await t.check(
          `the status comes while the caller could still send (${method}, ${String(expected.status)})`,
          () => expect(end).to.include(expected),
          'trailers',
        );
      }

      // The caller is in the midst of it: what it sends in vain must not become the call's end.
      const trailingMetadata = [{ key: 'x-last', value: 'trailers' }];
      const message = numbered(200).map((each) => ({
        ...each,
        payload: new Uint8Array(10_000),
        behaviour: { ...refusal, trailingMetadata, endAfterMessages: 3 },
      }));
      for (const { trailers, message: said } of await t.callMustAlways(
        { host, method, message },
        { status: 'FAILED_PRECONDITION', backend: 'v1' },
        5,
      )) {
        await t.check(
          `message and trailers come with it (${method})`,
          () => expect([said, trailers.get('x-last')]).to.deep.equal(['enough', ['trailers']]),
          'trailers',
        );
      }
    }
  },
);
