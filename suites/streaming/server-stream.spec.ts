import { expect, scenario } from '../../harness/index.ts';

const host = 'stream.example.com';
const count = 500;

scenario(
  {
    id: 'streaming/server-stream',
    title: 'A server stream arrives complete and in order, also one without any message',
    support: 'core',
    clauses: ['streaming-messages-in-order', 'grpc-status-intact', 'grpcroute-http-h2c-prior-knowledge'],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('server-stream');
    await t.callMust({ host }, { backend: 'v1' });

    const message = { text: 'same', behaviour: { responseCount: count, responseSizeBytes: 1000 } };
    const call = { host, method: 'routeproof.v1.Probe/ServerStream', message };
    const [result] = await t.callMustAlways(call, { backend: 'v1' }, 1);
    await t.check(`messages 0 to ${String(count - 1)} arrive once each, in order`, () => {
      const indexes = result?.responses.map(({ index }) => index);
      expect(indexes).to.deep.equal(Array.from({ length: count }, (_, index) => index));
    });

    // A backend that has sent headers ends such a stream with trailers, one that has not with trailers only.
    const initialMetadata = [{ key: 'x-first', value: 'headers' }];
    for (const headers of [{}, { initialMetadata }]) {
      const empty = { ...call, message: { behaviour: { noResponse: true, ...headers } } };
      for (const { responses } of await t.callMustAlways(empty, {}, 3)) {
        await t.check(
          'a stream without a message ends well',
          () => expect(responses).to.deep.equal([]),
          'trailers',
        );
      }
    }
  },
);
