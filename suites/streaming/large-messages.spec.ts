import { expect, scenario } from '../../harness/index.ts';

const host = 'stream.example.com';
/** gRPC implementations refuse messages beyond 4 MiB by default; 64 KiB are left for the other fields. */
const sizeBytes = 4 * 1024 * 1024 - 64 * 1024;

scenario(
  {
    id: 'streaming/large-messages',
    title: 'Messages of nearly 4 MiB pass in both directions, alone and several in one stream',
    support: 'core',
    clauses: ['grpc-large-messages'],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('large-messages');
    await t.callMust({ host }, { backend: 'v1' });

    const message = { payload: new Uint8Array(sizeBytes), behaviour: { responseSizeBytes: sizeBytes } };
    for (const [kind, count] of [
      ['Unary', 1],
      ['BidiStream', 2],
    ] as const) {
      const messages = Array<object>(count).fill(message);
      const call = { host, method: `routeproof.v1.Probe/${kind}`, message: messages };
      const [result] = await t.callMustAlways(call, { backend: 'v1' }, 1);
      await t.check(`${kind}: every byte arrives`, () => {
        expect(result?.responses).to.have.length(count);
        for (const { payload } of result?.responses ?? []) expect(payload).to.have.length(sizeBytes);
        const received = result?.responses.at(-1)?.['received'];
        expect(received).to.include({ payloadBytes: count * sizeBytes });
      });
    }
  },
);
