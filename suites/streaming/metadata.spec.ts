import { expect, scenario } from '../../harness/index.ts';
import { valuesOf } from '../filter/header-values.ts';
import { emptyFrame, grpcHeaders } from '../raw-grpc.ts';

const host = 'stream.example.com';
const binary = Buffer.from([0, 1, 2, 0x2c, 0x80, 0xff]).toString('base64');
const otherBinary = Buffer.from([0xfe, 0x2c, 0, 1]).toString('base64');
const characters = `%41 two  spaces ${String.fromCharCode(...Array.from({ length: 94 }, (_, index) => index + 33))}`;
const metadata = {
  'x-text': 'plain, with a comma; and = "quotes"',
  'x-repeated': ['one', 'two', 'three'],
  // With what else a call carries, nearly the 8 KiB that gRPC suggests as a limit.
  'x-long': 'a'.repeat(6500),
  'x-data-bin': [binary, otherBinary],
  'x-empty': '',
  'x_low.dot-dash': 'every character that a name may have',
  // Every character that a value may have, and a percent sign that means itself.
  'x-characters': characters,
  authorization: 'Bearer token',
  // What gRPC libraries send of their own.
  'grpc-previous-rpc-attempts': '1',
  cookie: 'from=the-caller',
};
/** Proxies may put values of their own in these. */
const tracing = {
  'x-request-id': 'made by the caller',
  'grpc-trace-bin': binary,
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
};
const many = Object.fromEntries(
  Array.from({ length: 60 }, (_, index) => [`x-many-${String(index)}`, String(index)]),
);
const fromBackend = [
  { key: 'x-answer', value: 'from the backend' },
  { key: 'x-answer', value: 'once more' },
  { key: 'x-answer-bin', value: binary },
  { key: 'x-answer-bin', value: otherBinary },
  { key: 'x-answer-empty', value: '' },
  { key: 'x-answer-characters', value: characters },
  { key: 'x-answer-long', value: 'a'.repeat(6500) },
  ...Object.entries(many).map(([key, value]) => ({ key, value })),
];

interface SeenCalls {
  calls: { metadata: { key: string; value: string }[] }[];
}

scenario(
  {
    id: 'streaming/metadata',
    title:
      'Metadata passes unchanged in both directions: text of every character, repeated, long, empty, binary with and without padding; so does the authority',
    support: 'core',
    clauses: ['grpc-metadata-intact', 'grpc-authority-intact', 'backend-trailers-delivered'],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('any-metadata');
    await t.callMust({ host }, { backend: 'v1' });

    const behaviour = { initialMetadata: fromBackend, trailingMetadata: fromBackend };
    const call = { metadata: { ...metadata, ...tracing }, message: { behaviour } };
    const direct = await t.call({ ...call, direct: 'v1' });
    const [routed] = await t.callMustAlways({ ...call, host }, { backend: 'v1' }, 1);

    await t.check('the backend receives what it receives from a client next to it', () => {
      for (const name of [...Object.keys(metadata), 'user-agent']) {
        expect(routed?.received.get(name), name).to.deep.equal(direct.received.get(name));
      }
      for (const name of Object.keys(tracing)) expect(routed?.received.get(name), name).to.have.length(1);
      expect(routed?.received.get('x-data-bin')).to.deep.equal([binary, otherBinary]);
    });
    await t.check('the backend sees the authority that the caller sent', () => {
      expect(routed?.record.backend?.authority).to.equal(t.host(host));
    });
    for (const kind of ['ServerStream', 'ClientStream', 'BidiStream']) {
      const stream = { host, method: `routeproof.v1.Probe/${kind}` };
      const [streamed] = await t.callMustAlways({ ...call, ...stream }, { backend: 'v1' }, 1);
      await t.check(`${kind} carries metadata in both directions the same, and the authority`, () => {
        expect(streamed?.record.backend?.authority).to.equal(t.host(host));
        for (const name of [...Object.keys(metadata), 'user-agent'])
          expect(streamed?.received.get(name), name).to.deep.equal(direct.received.get(name));
        for (const pairs of [streamed?.headers, streamed?.trailers])
          expect(pairs?.get('x-answer-bin')).to.deep.equal([binary, otherBinary]);
      });
    }

    // gRPC libraries of other languages leave the padding of base64 away.
    const nonce = `${t.nonce}-unpadded`;
    const headers = {
      ...grpcHeaders,
      'x-routeproof-nonce': nonce,
      'x-data-bin': otherBinary.replace(/=+$/, ''),
    };
    const path = '/routeproof.v1.Probe/Unary';
    const reply = await t.raw({ host, path, headers, body: emptyFrame });
    const message = { nonces: [nonce] };
    const asked = await t.call({ direct: 'v1', method: 'routeproof.v1.Ledger/Seen', message });
    const [seen] = asked.responses[0]?.['seen'] as SeenCalls[];
    await t.check('the backend receives binary metadata without padding', () => {
      expect(reply.error).to.equal(undefined);
      const received = seen?.calls[0]?.metadata ?? [];
      expect(received.filter(({ key }) => key === 'x-data-bin')).to.deep.equal([
        { key: 'x-data-bin', value: otherBinary },
      ]);
    });
    const [crowded] = await t.callMustAlways({ host, metadata: many }, { backend: 'v1' }, 1);
    await t.check('none of 60 keys is lost', () => {
      for (const [name, value] of Object.entries(many))
        expect(crowded?.received.get(name), name).to.deep.equal([value]);
    });
    await t.check(
      'the caller receives headers and trailers as the backend sent them',
      () => {
        for (const pairs of [routed?.headers, routed?.trailers]) {
          expect(valuesOf(pairs ?? new Map(), 'x-answer')).to.deep.equal(['from the backend', 'once more']);
          expect(pairs?.get('x-answer-bin')).to.deep.equal([binary, otherBinary]);
          expect(pairs?.get('x-answer-empty')).to.deep.equal(['']);
          expect(pairs?.get('x-answer-characters')).to.deep.equal([characters]);
          expect(pairs?.get('x-answer-long')).to.deep.equal(['a'.repeat(6500)]);
          for (const [name, value] of Object.entries(many))
            expect(pairs?.get(name), name).to.deep.equal([value]);
        }
      },
      'trailers',
    );
  },
);
