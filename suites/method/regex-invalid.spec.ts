import { scenario } from '../../harness/index.ts';
import type { Route } from '../shapes.ts';
import { refused } from '../expected.ts';
import { guideEcho } from '../methods.ts';
import { acceptedOrDeclined, routeMustBeDeclined } from '../optional-support.ts';

scenario(
  {
    id: 'method/regex-invalid',
    title: 'A pattern that is none is shown in status, harms no other route, and works once corrected',
    support: 'informational',
    clauses: ['method-regex-invalid-pattern'],
    backends: ['v1', 'v2'],
    guards: ['kgateway-dev/kgateway#14264', 'kubernetes-sigs/cloud-provider-kind#452'],
  },
  async (t) => {
    const broken = { kind: 'GRPCRoute', name: 'broken-pattern' };
    await t.apply();
    await routeMustBeDeclined(t, 'broken-pattern');
    await t.routeMustBeAccepted('sound-neighbour');
    // Patterns are optional. Whether there are any is not asked of the route that had a broken one: it may be stuck.
    const hasPatterns = await acceptedOrDeclined(t, 'sound-pattern', 'RegularExpression');
    await t.callMust({ host: 'sound.example.com' }, { backend: 'v2' });
    await t.callMustAlways({ host: 'broken.example.com', method: guideEcho }, refused, 3);

    await t.update<Route>(broken, (route) => {
      route.spec.rules = [
        {
          matches: [{ method: { type: 'RegularExpression', service: 'echo.Echo', method: 'Ec(ho)' } }],
          backendRefs: [{ name: 'v1', port: 9000 }],
        },
      ];
    });
    if (!hasPatterns) return;
    await t.routeMustBeAccepted('broken-pattern');
    await t.callMust({ host: 'broken.example.com', method: guideEcho }, { backend: 'v1' });
  },
);
