import { expect, scenario, type Call } from '../../harness/index.ts';

const host = 'stream.example.com';
const sizeBytes = 64 * 1024;
const message = { payload: new Uint8Array(sizeBytes) };

scenario(
  {
    id: 'streaming/compression',
    title: 'Compressed messages reach the backend, alone and in a stream',
    support: 'core',
    clauses: ['grpc-compressed-messages'],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('compression');
    await t.callMust({ host }, { backend: 'v1' });

    for (const count of [1, 3]) {
      const method = `routeproof.v1.Probe/${count === 1 ? 'Unary' : 'ClientStream'}`;
      const call: Call = { host, method, message: Array<object>(count).fill(message), compression: 'gzip' };
      const [result] = await t.callMustAlways(call, { backend: 'v1' }, 1);
      await t.check(`every byte of ${count} messages arrives`, () => {
        expect(result?.responses[0]?.['received']).to.include({ payloadBytes: count * sizeBytes });
      });
    }
  },
);
