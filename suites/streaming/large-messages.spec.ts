import { expect, scenario } from '../../harness/index.ts';

const host = 'stream.example.com';
/** gRPC implementations refuse messages beyond 4 MiB by default; 64 KiB are left for the other fields. */
const sizeBytes = 4 * 1024 * 1024 - 64 * 1024;

scenario(
  {
    id: 'streaming/large-messages',
    title: 'Messages of nearly 4 MiB pass in both directions',
    support: 'core',
    clauses: ['grpc-large-messages'],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('large-messages');
    await t.callMust({ host }, { backend: 'v1' });

    const message = { payload: new Uint8Array(sizeBytes), behaviour: { responseSizeBytes: sizeBytes } };
    const [result] = await t.callMustAlways({ host, message, deadlineMs: 20_000 }, { backend: 'v1' }, 1);
    await t.check('every byte arrives', () => {
      expect(result?.responses[0]?.['received']).to.include({ payloadBytes: sizeBytes });
      expect(result?.responses[0]?.['payload']).to.have.length(sizeBytes);
    });
  },
);
