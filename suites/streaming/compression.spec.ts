import { expect, scenario, type Call } from '../../harness/index.ts';
import { framed, grpcHeaders } from '../raw-grpc.ts';

const host = 'stream.example.com';
const sizeBytes = 64 * 1024;
const message = { payload: new Uint8Array(sizeBytes) };
const bytesOf = (text: string): number[] => [...Buffer.from(text)];
const field = (tag: number, bytes: readonly number[]): number[] => [tag, bytes.length, ...bytes];
/** ProbeRequest{behaviour{initial_metadata{grpc-encoding: gzip}}}: an answer that may hold compressed messages. */
const gzipAnswer = framed(
  field(0x1a, field(0x22, [...field(0x0a, bytesOf('grpc-encoding')), ...field(0x12, bytesOf('gzip'))])),
);

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

    // A gRPC client keeps these to itself.
    const headers = { ...grpcHeaders, 'grpc-accept-encoding': 'gzip' };
    const reply = await t.raw({ host, path: '/routeproof.v1.Probe/Unary', headers, body: gzipAnswer });
    await t.check(
      'the caller learns how messages of the answer are compressed, and what the backend can read',
      () => {
        expect(reply.error).to.equal(undefined);
        const answered = new Map(reply.headers);
        expect(answered.get('grpc-encoding')).to.equal('gzip');
        expect(answered.get('grpc-accept-encoding')).to.equal('identity,deflate,gzip');
      },
      'backend',
    );
  },
);
