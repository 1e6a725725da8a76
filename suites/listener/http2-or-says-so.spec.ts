import { expect, scenario } from '../../harness/index.ts';
import type { Call, Scenario } from '../../harness/index.ts';
import { conditionOf, listenerOf } from '../shapes.ts';
import type { Gateway } from '../shapes.ts';

const shared = { kind: 'Gateway', name: 'shared', namespace: 'routeproof-base' };
const call: Call = { gateway: 'routeproof-base/shared', host: 'rpc.example.com' };

scenario(
  {
    id: 'listener/http2-or-says-so',
    title: 'A listener that takes GRPCRoutes speaks HTTP/2, in clear and over TLS, or is not accepted',
    support: 'core',
    clauses: [
      'grpcroute-https-h2-unsupported-status',
      'grpcroute-http-h2c-unsupported-status',
      'grpcroute-http-h2c-prior-knowledge',
      'grpcroute-https-h2-alpn',
    ],
    guards: ['istio/istio#57172'],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    await mustServeOrDecline(t, 'http', call);
    await mustServeOrDecline(t, 'https', { ...call, tls: true });
  },
);

/** What a listener says and what it does have to agree. */
async function mustServeOrDecline(t: Scenario, listener: string, over: Call): Promise<void> {
  const judged = (gateway: Gateway) => conditionOf(listenerOf(gateway, listener)?.conditions, 'Accepted');
  const gateway = await t.until<Gateway>(
    shared,
    `listener ${listener} has been judged`,
    (object) => judged(object)?.status === 'True' || judged(object)?.status === 'False',
    'status',
  );
  if (judged(gateway)?.status === 'True') {
    await t.callMust(over, { backend: 'v1' });
    return;
  }
  t.note(`listener ${listener} does not offer HTTP/2`);
  await t.check(
    `listener ${listener} is not accepted because of its protocol`,
    () => expect(judged(gateway)?.reason).to.equal('UnsupportedProtocol'),
    'status',
  );
}
