import { expect, scenario } from '../../harness/index.ts';

const host = 'stream.example.com';
/** Beyond 15 s, where Envoy and the products on top of it cut calls off unless told otherwise, and beyond 20 s, which others take. */
const longMs = 21_000;
const noDeadline = Number.POSITIVE_INFINITY;

scenario(
  {
    id: 'streaming/no-time-limit',
    title: 'Calls may take longer than 20 seconds, and a stream may be silent that long',
    support: 'core',
    clauses: ['streaming-no-time-limit', 'streaming-half-close'],
    backends: ['v1'],
    takesMs: longMs,
    guards: ['envoyproxy/gateway#5446', 'projectcontour/contour#7075', 'kubernetes-sigs/gateway-api#3139'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('long-calls');
    await t.callMust({ host }, { backend: 'v1' });

    const silent = await t.openStream({ host });
    const before = await silent.echo('before');
    const elsewhere = { host: 'a.wild.example.com', tls: true } as const;
    await t.callMust(elsewhere, { backend: 'v1' });
    const [unary, withDeadline, stream, ...others] = await Promise.all([
      t.call({ host, deadlineMs: noDeadline, message: { behaviour: { delayMs: longMs } } }),
      t.call({ host, deadlineMs: 2 * longMs, message: { behaviour: { delayMs: longMs } } }),
      t.call({
        host,
        method: 'routeproof.v1.Probe/ServerStream',
        deadlineMs: noDeadline,
        message: { behaviour: { responseCount: 2, responseIntervalMs: longMs } },
      }),
      ...[elsewhere, { host: elsewhere.host }].map((call) =>
        t.call({ ...call, deadlineMs: noDeadline, message: { behaviour: { delayMs: longMs } } }),
      ),
    ]);
    await t.check(
      'so do those under a wildcard hostname, of a rule that splits and edits them, over TLS and in the clear',
      () => {
        expect(others.map(({ statusName }) => statusName)).to.deep.equal(['OK', 'OK']);
      },
    );
    await t.check('slow unary calls end well, with and without a deadline', () => {
      expect([unary.statusName, withDeadline.statusName]).to.deep.equal(['OK', 'OK']);
    });
    await t.check('a server stream goes on after a long pause', () => {
      expect(stream.statusName).to.equal('OK');
      expect(stream.responses).to.have.length(2);
    });

    const after = await silent.echo('after').catch(String);
    await t.check('a silent stream is still open', () => {
      expect([before, after]).to.have.nested.property('[1].text', 'after');
    });
    const end = await silent.finish();
    await t.check('and ends well', () => {
      expect(end).to.include({ status: 0 });
    });
  },
);
