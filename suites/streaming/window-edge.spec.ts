import { expect, scenario } from '../../harness/index.ts';
import type { RawResult } from '../../harness/index.ts';
import { framed, grpcHeaders } from '../raw-grpc.ts';

const host = 'stream.example.com';
/** What one HTTP/2 DATA frame holds at most (RFC 9113, 4.2), and what a stream and a connection may be sent at first (6.9.2). */
const sizes = [16_384, 65_535].flatMap((edge) => [edge - 1, edge, edge + 1]);

/** Of a gRPC frame: one byte for the compression, four for the length. */
const headBytes = 5;

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
}
const field = (tag: number, bytes: readonly number[]): number[] => [tag, ...varint(bytes.length), ...bytes];
const bytesOf = (text: string): number[] => [...Buffer.from(text)];
const lastEntry = [...field(0x0a, bytesOf('x-last')), ...field(0x12, bytesOf('there'))];

/** ProbeRequest{behaviour{trailing_metadata{x-last: there}, response_size_bytes}}. */
const asking = (sizeBytes: number): Uint8Array =>
  framed(field(0x1a, [...field(0x2a, lastEntry), 0x48, ...varint(sizeBytes)]));

/** The bytes of a payload with which a request is `size` bytes long: beside it are the frame's head, a tag and its length. */
const payloadFor = (size: number): number => size - headBytes - 1 - varint(size - 8).length;

/** Without an error, and its only message as long as it says. */
const isWhole = ({ body, error }: RawResult): boolean =>
  error === undefined && body[0] === 0 && saidLength(body) === body.length;

/** How many bytes the head of a gRPC frame announces, its own with them; undefined: there is no whole head. */
function saidLength(body: Uint8Array): number | undefined {
  return body.length < headBytes ? undefined : headBytes + Buffer.from(body).readUInt32BE(1);
}

scenario(
  {
    id: 'streaming/window-edge',
    title:
      'Answers and requests that fill a frame or the first HTTP/2 window to the byte arrive whole, with their end',
    support: 'core',
    clauses: ['grpc-status-intact', 'backend-trailers-delivered', 'grpc-large-messages'],
    guards: ['envoyproxy/envoy#40821', 'istio/istio#56734'],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('window-edge');
    await t.callMust({ host }, { backend: 'v1' });

    for (const [kind, tls] of [
      ['Unary', undefined],
      ['ServerStream', undefined],
      ['Unary', {}],
    ] as const) {
      const path = `/routeproof.v1.Probe/${kind}`;
      const over = tls === undefined ? 'in the clear' : 'over TLS';
      // Each has a connection of its own, whose window is new.
      const ask = (payload: number): Promise<RawResult> =>
        t.raw({ host, path, headers: grpcHeaders, body: asking(payload), ...(tls && { tls }) });
      // The echo tells what it received, which takes some bytes, now and then one more or less.
      const start = 10_000;
      const first = await ask(start);
      await t.check(
        `${kind} ${over}: an answer is as long as it says`,
        () => expect(first).to.satisfy(isWhole),
        'backend',
      );
      let besides = first.body.length - start;
      for (const size of sizes) {
        const answer = await t.askUntil({
          what: `${kind} ${over}: an answer is ${size} bytes long`,
          ask: async () => {
            const payload = size - besides;
            const answered = await ask(payload);
            if (isWhole(answered)) besides = answered.body.length - payload;
            return answered;
          },
          isSo: ({ body }) => body.length === size,
          seen: ({ body, error = 'no error' }) =>
            `${body.length} bytes of ${saidLength(body) ?? 'no message'}, ${error}`,
          layer: 'backend',
        });
        await t.check(
          `${kind} ${over}: an answer of ${size} bytes has its status and the trailing metadata`,
          () => {
            expect(answer.error).to.equal(undefined);
            expect(answer.body[0], 'compression').to.equal(0);
            expect(saidLength(answer.body), 'bytes that the message says').to.equal(size);
            expect(answer.trailers).to.deep.include(['grpc-status', '0']);
            expect(answer.trailers).to.deep.include(['x-last', 'there']);
          },
          'trailers',
        );
      }
    }

    for (const size of sizes) {
      const payload = payloadFor(size);
      const call = { host, message: { payload: new Uint8Array(payload) } };
      for (const [over, tls] of [
        ['in the clear', {}],
        ['over TLS', { tls: true }],
      ] as const) {
        const anew = { ...tls, connection: `${size} bytes` };
        const [result] = await t.callMustAlways({ ...call, ...anew }, { backend: 'v1' }, 1);
        await t.check(`every byte of a request of ${size} bytes arrives ${over}`, () => {
          expect(result?.responses[0]?.['received']).to.include({ payloadBytes: payload });
        });
      }
    }
  },
);
