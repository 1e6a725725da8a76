import { AssertionError } from '../../harness/index.ts';
import type { Scenario } from '../../harness/index.ts';
import { routeMustBeDeclined } from '../optional-support.ts';

const gateway = 'front';
const backend = { backend: 'v1' };

/** A route of the Gateway's HTTPS listener serves; one of its HTTP listener is refused, and no call in the clear is served. */
export async function mustTakeHttpsOnly(t: Scenario): Promise<void> {
  await t.tlsSecret({ name: 'front-tls' }, ['*.example.com']);
  await t.apply();
  await t.gatewayMustBeProgrammed(gateway);
  await t.routeMustBeAccepted('on-https');
  await t.callMust({ host: 'secure.example.com', tls: true }, backend);
  await routeMustBeDeclined(t, 'on-http');
  await t.listenerMustHaveAttachedRoutes(gateway, 'http', 0);
  const inTheClear = await t.call({ host: 'plain.example.com' });
  await t.check(
    'a call in the clear reaches no backend',
    () => {
      if (inTheClear.backend !== undefined) throw new AssertionError(`${inTheClear.backend} answered it`);
    },
    'routed',
  );
}
