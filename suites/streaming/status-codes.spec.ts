import { expect, scenario } from '../../harness/index.ts';
import { probeTwo } from '../methods.ts';

const host = 'stream.example.com';
const codes = Array.from({ length: 16 }, (_, index) => index + 1);

scenario(
  {
    id: 'streaming/status-codes',
    title: 'Every status code and message of the backend reaches the caller, and no call is repeated',
    support: 'core',
    clauses: ['grpc-status-intact', 'grpc-no-unasked-retry', 'backend-trailers-delivered'],
    backends: ['v1', 'v2'],
    guards: ['linkerd/linkerd2#14050', 'lexfrei/cloudflare-tunnel-gateway-controller#359'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('any-status');
    await t.callMust({ host }, { backend: 'v1' });

    const nonces = new Map<number, string>();
    for (const code of codes) {
      // Beyond ASCII, and with the characters that grpc-message escapes.
      const statusMessage = `no. ${String(code)}: 1+1 is 100 % „déjà vu“\n✓`;
      const message = { behaviour: { statusCode: code, statusMessage } };
      const [result] = await t.callMustAlways({ host, message }, { status: code, backend: 'v1' }, 1);
      nonces.set(code, result?.nonce ?? '');
      await t.check(
        `message of status ${String(code)} is intact`,
        () => expect(result?.message).to.equal(statusMessage),
        'trailers',
      );
    }

    await t.implied(['grpc-no-unasked-retry'], async () => {
      for (const [code, nonce] of nonces) {
        const seen = await t.seenBy('v1', nonce);
        await t.check(
          `the backend has seen the call with status ${String(code)} once`,
          () => expect(seen).to.have.length(1),
          'backend',
        );
      }
    });

    await t.implied(['grpc-no-unasked-retry'], async () => {
      for (const method of [probeTwo, 'routeproof.v1.Probe/ServerStream', 'routeproof.v1.Probe/BidiStream']) {
        const again = `${t.nonce}-${method}`;
        const failing = { host, method, message: { behaviour: { statusCode: 14 } } };
        await t.callMustAlways(
          { ...failing, metadata: { 'x-routeproof-nonce': again } },
          { status: 14, backend: ['v1', 'v2'] },
          5,
        );
        const seen = [...(await t.seenBy('v1', again)), ...(await t.seenBy('v2', again))];
        await t.check(
          `backends have seen five calls of ${method} that end with UNAVAILABLE once each`,
          () => expect(seen).to.have.length(5),
          'backend',
        );
      }
    });

    // A backend's errors are its answers: nobody has asked to keep calls away from it.
    for (const statusCode of [14, 13]) {
      const failing = { host, message: { behaviour: { statusCode } } };
      await t.callMustAlways(failing, { status: statusCode, backend: 'v1' }, 10);
    }

    for (const kind of ['ServerStream', 'BidiStream'])
      for (const code of codes) {
        const call = { host, method: `routeproof.v1.Probe/${kind}` };
        const message = { behaviour: { statusCode: code } };
        await t.callMustAlways({ ...call, message }, { status: code, backend: 'v1' }, 1);
      }

    // What gRPC has no name for yet is for the ends to understand, not for those between them.
    const unknown = { behaviour: { statusCode: 42, statusMessage: 'of the future' } };
    const direct = await t.call({ direct: 'v1', message: unknown });
    await t.callMustAlways({ host, message: unknown }, { status: direct.status ?? 0, backend: 'v1' }, 3);

    const statusMessage = 'a long story '.repeat(200);
    const message = { behaviour: { statusCode: 9, statusMessage } };
    const [told] = await t.callMustAlways({ host, message }, { status: 9, backend: 'v1' }, 1);
    await t.check(
      'a message of 2,600 characters is intact',
      () => expect(told?.message).to.equal(statusMessage),
      'trailers',
    );
  },
);
