import { expect, scenario } from '../../harness/index.ts';
import type { Scenario } from '../../harness/index.ts';

const host = 'stream.example.com';
/** Longer than any scenario: what comes after it is never waited for. */
const never = 3_600_000;

/** What the backend's ledger says about the call with this nonce. */
async function cancelledAt(t: Scenario, backend: string, nonce: string): Promise<boolean | undefined> {
  const message = { nonces: [nonce] };
  const asked = await t.call({ direct: backend, method: 'routeproof.v1.Ledger/Seen', message });
  const [seen] = asked.responses[0]?.['seen'] as { calls: { cancelled: boolean }[] }[];
  return seen?.calls[0]?.cancelled;
}

function cancelledMustBe(t: Scenario, nonce: string, expected: boolean, what: string): Promise<unknown> {
  return t.askUntil({
    what,
    ask: () => cancelledAt(t, 'v1', nonce),
    isSo: (cancelled) => cancelled === expected,
    seen: (cancelled) => `cancelled: ${String(cancelled)}`,
    layer: 'backend',
  });
}

scenario(
  {
    id: 'streaming/cancellation',
    title: 'A call of any kind that its caller cancels is cancelled at the backend, and only that one',
    support: 'core',
    clauses: ['grpc-cancellation-propagated'],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('cancelled-calls');
    await t.callMust({ host }, { backend: 'v1' });

    const [gone, kept] = [`${t.nonce}-gone`, `${t.nonce}-kept`];
    const cancelled = await t.openStream({ host, metadata: { 'x-routeproof-nonce': gone } });
    const going = await t.openStream({ host, metadata: { 'x-routeproof-nonce': kept } });
    await Promise.all([cancelled.echo('hello'), going.echo('hello')]);
    const before = await cancelledAt(t, 'v1', gone);
    await t.check('the backend works on the call', () => {
      expect(before).to.equal(false);
    });

    await cancelled.cancel();
    await cancelledMustBe(t, gone, true, 'the backend learns of it');
    // It lives on the same connection.
    const neighbour = await cancelledAt(t, 'v1', kept);
    const answer = await going.echo('still here').catch(String);
    await t.check(
      'the other stream goes on',
      () => {
        expect(neighbour).to.equal(false);
        expect(answer).to.include({ text: 'still here' });
      },
      'backend',
    );
    await going.finish();

    const others = [
      { method: 'routeproof.v1.Probe/Unary' },
      { method: 'routeproof.v1.Probe/ServerStream' },
      { method: 'routeproof.v1.Probe/ClientStream' },
      { method: 'routeproof.v1.Probe/Unary', tls: true },
    ] as const;
    await Promise.all(
      others.map(async (kind, index) => {
        const nonce = `${t.nonce}-of-kind-${String(index)}`;
        const call = await t.openStream({ host, ...kind, metadata: { 'x-routeproof-nonce': nonce } });
        call.send({ behaviour: { delayMs: never } });
        if (!kind.method.endsWith('ClientStream')) void call.finish().catch(() => undefined);
        await cancelledMustBe(t, nonce, false, `the backend works on a call of ${kind.method}`);
        await call.cancel();
        await cancelledMustBe(
          t,
          nonce,
          true,
          `the backend learns that a call of ${kind.method} is cancelled`,
        );
      }),
    );
  },
);
