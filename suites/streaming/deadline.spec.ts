import { expect, scenario } from '../../harness/index.ts';

const host = 'stream.example.com';
/** ProbeRequest{behaviour{delay_ms: 60000}} in its gRPC frame: the backend would answer after a minute. */
const slowRequest = Uint8Array.from([0, 0, 0, 0, 6, 0x1a, 4, 0x30, 0xe0, 0xd4, 0x03]);

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
    const [hour, stream, minute, none] = [
      await backendSaw(3_600_000),
      await backendSaw(3_600_000, 'ServerStream'),
      await backendSaw(60_000),
      await backendSaw(Infinity),
    ];
    await t.check('the backend sees the deadline that was set, neither more nor much less, or none', () => {
      expect(hour).to.be.within(3_600_000 - 30_000, 3_600_000);
      expect(stream).to.be.within(3_600_000 - 30_000, 3_600_000);
      expect(minute).to.be.within(60_000 - 30_000, 60_000);
      expect(none).to.equal(0);
    });

    const message = { behaviour: { delayMs: 60_000 } };
    const late = { status: 'DEADLINE_EXCEEDED' };
    await t.callMustAlways({ host, message, deadlineMs: 200 }, late, 1);

    // This client keeps no clock of its own: the end has to come from the gateway or the backend.
    const replies = await Promise.all(
      ['200m', '200000u', '99999999n', '1S'].map(async (timeout) => {
        const headers = { 'content-type': 'application/grpc', te: 'trailers', 'grpc-timeout': timeout };
        const reply = await t.raw({ host, path: '/routeproof.v1.Probe/Unary', headers, body: slowRequest });
        return { timeout, reply, fields: new Map([...reply.headers, ...reply.trailers]) };
      }),
    );
    await t.check('grpc-timeout is enforced on the way, whatever unit it is in', () => {
      for (const { timeout, reply, fields } of replies) {
        expect(reply.error, timeout).to.equal(undefined);
        expect(fields.get('grpc-status'), timeout).to.equal('4');
      }
    });
    t.note(`grpc-message of the deadline: ${replies[0]?.fields.get('grpc-message') ?? 'none'}`);
  },
);
