import { expect, scenario } from '../../harness/index.ts';
import type { Scenario } from '../../harness/index.ts';
import { emptyFrame, framed, grpcHeaders } from '../raw-grpc.ts';

const host = 'stream.example.com';
/** ProbeRequest{behaviour{delay_ms: 60000}}: the backend would answer after a minute. */
const slowRequest = framed([0x1a, 4, 0x30, 0xe0, 0xd4, 0x03]);

const path = '/routeproof.v1.Probe/Unary';

/** What the backend's ledger says of the deadline of the call with this nonce; undefined where it has not seen it. */
async function deadlineAt(t: Scenario, backend: string, nonce: string): Promise<number | undefined> {
  const message = { nonces: [nonce] };
  const asked = await t.call({ direct: backend, method: 'routeproof.v1.Ledger/Seen', message });
  const [seen] = asked.responses[0]?.['seen'] as { calls: { deadlineMs: number }[] }[];
  return seen?.calls[0]?.deadlineMs;
}

scenario(
  {
    id: 'streaming/deadline',
    title: 'A deadline reaches the backend and ends the call with DEADLINE_EXCEEDED',
    support: 'core',
    clauses: ['grpc-deadline-propagated', 'grpc-deadline-enforced'],
    backends: ['v1'],
    guards: ['envoyproxy/gateway#6511'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('deadlines');
    await t.callMust({ host }, { backend: 'v1' });

    const backendSaw = async (deadlineMs: number, kind = 'Unary'): Promise<number> => {
      const call = { host, deadlineMs, method: `routeproof.v1.Probe/${kind}` };
      const [result] = await t.callMustAlways(call, { backend: 'v1' }, 1);
      return (result?.responses[0]?.['received'] as { deadlineMs: number }).deadlineMs;
    };
    const [hour, minute, none] = [
      await backendSaw(3_600_000),
      await backendSaw(60_000),
      await backendSaw(Infinity),
    ];
    await t.check('the backend sees the deadline that was set, neither more nor much less, or none', () => {
      expect(hour).to.be.within(3_600_000 - 30_000, 3_600_000);
      expect(minute).to.be.within(60_000 - 30_000, 60_000);
      expect(none).to.equal(0);
    });
    for (const kind of ['ServerStream', 'ClientStream', 'BidiStream']) {
      const seen = await backendSaw(3_600_000, kind);
      await t.check(`the backend sees that of a ${kind} too`, () => {
        expect(seen).to.be.within(3_600_000 - 30_000, 3_600_000);
      });
    }

    // gRPC libraries choose the unit, and each of these calls has a connection of its own.
    const units = [
      ['1H', 3_600_000],
      ['60M', 3_600_000],
      ['90000000u', 90_000],
      ['7200S', 7_200_000],
      ['90000m', 90_000],
      // Shorter ones than a gateway might keep an eye on by itself.
      ['9S', 9_000],
      ['9000m', 9_000],
    ] as const;
    const bySeveralUnits = await Promise.all(
      [1, 2, 3, 4].flatMap((time) =>
        units.map(async ([timeout, ms]) => {
          const nonce = `${t.nonce}-${timeout}-${String(time)}`;
          const headers = { ...grpcHeaders, 'grpc-timeout': timeout, 'x-routeproof-nonce': nonce };
          const reply = await t.raw({ host, path, headers, body: emptyFrame });
          return { timeout, ms, error: reply.error, deadlineMs: await deadlineAt(t, 'v1', nonce) };
        }),
      ),
    );
    await t.check(
      'the backend sees the deadline whatever unit it is in',
      () => {
        for (const { timeout, ms, error, deadlineMs } of bySeveralUnits) {
          expect(error, timeout).to.equal(undefined);
          expect(deadlineMs, timeout).to.be.within(Math.max(1, ms - 30_000), ms);
        }
      },
      'backend',
    );

    const message = { behaviour: { delayMs: 60_000 } };
    const late = { status: 'DEADLINE_EXCEEDED' };
    await t.callMustAlways({ host, message, deadlineMs: 200 }, late, 1);

    const slowStream = { host, method: 'routeproof.v1.Probe/ServerStream', message };
    await t.callMustAlways({ ...slowStream, deadlineMs: 200 }, late, 1);

    // This client keeps no clock of its own: the end has to come from the gateway or the backend.
    const replies = await Promise.all(
      ['200m', '200000u', '99999999n', '1S'].map(async (timeout) => {
        const headers = { ...grpcHeaders, 'grpc-timeout': timeout };
        const reply = await t.raw({ host, path, headers, body: slowRequest });
        return { timeout, reply, fields: new Map([...reply.headers, ...reply.trailers]) };
      }),
    );
    await t.check('grpc-timeout is enforced on the way, whatever unit it is in', () => {
      for (const { timeout, reply, fields } of replies) {
        expect(reply.error, timeout).to.equal(undefined);
        expect(fields.get('grpc-status'), timeout).to.equal('4');
      }
    });
    const streamed = await t.raw({
      host,
      path: '/routeproof.v1.Probe/ServerStream',
      headers: { ...grpcHeaders, 'grpc-timeout': '200m' },
      body: slowRequest,
    });
    await t.check('and so it is of a stream', () => {
      expect(streamed.error).to.equal(undefined);
      expect(new Map([...streamed.headers, ...streamed.trailers]).get('grpc-status')).to.equal('4');
    });
    t.note(`grpc-message of the deadline: ${replies[0]?.fields.get('grpc-message') ?? 'none'}`);
  },
);
