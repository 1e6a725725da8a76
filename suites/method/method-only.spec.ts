import { scenario } from '../../harness/index.ts';
import { refused } from '../expected.ts';
import { echo, echoTwo, guideEcho, guideEchoV2, probe } from '../methods.ts';
import { acceptedOrDeclined } from '../optional-support.ts';

const host = 'method.example.com';

scenario(
  {
    id: 'method/method-only',
    title:
      'A match on a method alone takes that method of every service, with a header where it asks for one',
    support: 'implementation-specific',
    clauses: ['method-exact-method-only', 'method-only-unsupported-visible', 'match-all-of-conditions'],
    backends: ['v1'],
    guards: ['projectcontour/contour#5116'],
  },
  async (t) => {
    await t.apply();
    if (
      !(await acceptedOrDeclined(
        t,
        'one-method-of-any-service',
        'a method match without service',
        'method-only-unsupported-visible',
      ))
    )
      return;

    for (const method of [echo, guideEcho]) await t.callMust({ host, method }, { backend: 'v1' });
    await t.callMust({ host, method: echoTwo, metadata: { env: 'canary' } }, { backend: 'v1' });
    for (const method of [echoTwo, guideEchoV2, probe, 'routeproof.v1.Probe/ServerStream']) {
      await t.callMustAlways({ host, method }, refused, 3);
    }
  },
);
