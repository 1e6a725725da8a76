import { expect, scenario } from '../../harness/index.ts';
import { valuesOf } from '../filter/header-values.ts';
import { numbered, texts } from './numbered.ts';

const call = { host: 'stream.example.com', tls: true } as const;
const binary = Buffer.from([0, 1, 2, 0x2c, 0x80, 0xff]).toString('base64');
const metadata = { 'x-text': 'from the caller', 'x-data-bin': binary };
const repeated = ['one', 'two'];
const errorInfo = 'type.googleapis.com/google.rpc.ErrorInfo';
const fromBackend = [
  { key: 'x-answer', value: 'from the backend' },
  { key: 'x-answer-bin', value: binary },
];
const hourMs = 3_600_000;

scenario(
  {
    id: 'streaming/over-tls',
    title:
      'Over TLS a call is what it is in the clear: metadata, trailers, status, deadline, and messages one by one',
    support: 'core',
    clauses: [
      'grpc-metadata-intact',
      'grpc-status-intact',
      'grpc-deadline-propagated',
      'backend-trailers-delivered',
      'streaming-messages-not-held-back',
    ],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('over-tls');
    await t.callMust(call, { backend: 'v1' });

    const behaviour = { initialMetadata: fromBackend, trailingMetadata: fromBackend };
    for (const kind of ['Unary', 'ServerStream', 'ClientStream', 'BidiStream']) {
      const [plain] = await t.callMustAlways(
        {
          ...call,
          method: `routeproof.v1.Probe/${kind}`,
          metadata: { ...metadata, 'x-repeated': repeated },
          message: { behaviour },
          deadlineMs: hourMs,
        },
        { backend: 'v1' },
        1,
      );
      await t.check(
        `${kind}: metadata arrives in both directions, at the end as well, and so does the deadline`,
        () => {
          for (const [name, value] of Object.entries(metadata))
            expect(plain?.received.get(name), name).to.deep.equal([value]);
          expect(valuesOf(plain?.received ?? new Map(), 'x-repeated')).to.deep.equal(repeated);
          for (const pairs of [plain?.headers, plain?.trailers])
            for (const { key, value } of fromBackend) expect(pairs?.get(key), key).to.deep.equal([value]);
          expect(plain?.responses[0]?.['received'])
            .to.have.property('deadlineMs')
            .that.is.within(hourMs - 30_000, hourMs);
        },
        'trailers',
      );
    }

    const statusMessage = 'not now: 100 % „déjà vu“';
    const statusDetails = [{ type_url: errorInfo, typeUrl: errorInfo, value: Buffer.from([0x0a, 1, 0x51]) }];
    const failing = { behaviour: { statusCode: 9, statusMessage, statusDetails } };
    const direct = await t.call({ direct: 'v1', message: failing });
    const [failed] = await t.callMustAlways({ ...call, message: failing }, { status: 9, backend: 'v1' }, 1);
    await t.check(
      'the message and the details of a status are intact',
      () => {
        expect(failed?.message).to.equal(statusMessage);
        const name = 'grpc-status-details-bin';
        expect(failed?.trailers.get(name)).to.deep.equal(direct.trailers.get(name)).and.have.length(1);
      },
      'trailers',
    );

    const stream = await t.openStream(call);
    const answers: Record<string, unknown>[] = [];
    for (const { text } of numbered(5)) answers.push(await stream.echo(text));
    const end = await stream.finish();
    await t.check('each of five messages is answered before the next is sent', () => {
      expect(texts(answers)).to.deep.equal(texts(numbered(5)));
      expect(end).to.include({ status: 0 });
    });
  },
);
