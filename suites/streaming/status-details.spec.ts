import { expect, scenario } from '../../harness/index.ts';

const host = 'stream.example.com';
/** One that loses the trailers of a call in 20 is seen all but once in five million times. */
const everyCall = 300;
const errorInfo = 'type.googleapis.com/google.rpc.ErrorInfo';
/** ErrorInfo{reason: "QUOTA"}: field 1, length 5. Bytes beyond ASCII follow, as an unknown field, to try the encoding. */
const value = Buffer.from([
  ...[0x0a, 5, ...Buffer.from('QUOTA'), 0x7a, 4, 0x00, 0xff, 0xfe, 0x80],
  // 2,000 further bytes in another one: 0x7a is field 15, its length a varint.
  ...[0x7a, 0xd0, 0x0f, ...Buffer.alloc(2000, 'd')],
]);
const behaviour = {
  statusCode: 8,
  statusMessage: 'quota exceeded',
  statusDetails: [{ type_url: errorInfo, typeUrl: errorInfo, value }],
  trailingMetadata: [
    { key: 'x-retry-in', value: '3 s' },
    { key: 'x-retry-in', value: '9 s' },
    { key: 'x-trace-bin', value: Buffer.from([0, 1, 0xff]).toString('base64') },
  ],
};

scenario(
  {
    id: 'streaming/status-details',
    title: 'Status details and trailing metadata reach the caller unchanged, those of every call',
    support: 'core',
    clauses: ['grpc-status-intact', 'grpc-metadata-intact', 'backend-trailers-delivered'],
    backends: ['v1'],
    guards: ['traefik/traefik#4181'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('rich-status');
    await t.callMust({ host }, { backend: 'v1' });

    for (const kind of ['Unary', 'ServerStream', 'BidiStream']) {
      const call = { method: `routeproof.v1.Probe/${kind}`, message: { behaviour } };
      const direct = await t.call({ ...call, direct: 'v1' });
      const [routed] = await t.callMustAlways({ ...call, host }, { status: 8, backend: 'v1' }, 1);
      const details = routed?.trailers.get('grpc-status-details-bin') ?? [];
      await t.check(
        `${kind}: details and trailers are those of a call straight to the backend`,
        () => {
          expect(Buffer.from(details[0] ?? '', 'base64').includes(value), 'the detail is there').to.equal(
            true,
          );
          for (const name of ['grpc-status-details-bin', 'x-retry-in', 'x-trace-bin']) {
            expect(routed?.trailers.get(name), name).to.deep.equal(direct.trailers.get(name));
          }
        },
        'trailers',
      );
    }

    const trailingMetadata = [{ key: 'x-cost', value: '3' }];
    await t.callMustAlways(
      { host, message: { behaviour: { trailingMetadata } } },
      { backend: 'v1', also: ({ trailers }) => expect(trailers.get('x-cost')).to.deep.equal(['3']) },
      everyCall,
    );
  },
);
