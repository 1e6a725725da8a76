import { scenario } from '../../harness/index.ts';
import { refused } from '../expected.ts';
import { echo, echoTwo, guideEcho, guideEchoV2, probe, probeTwo } from '../methods.ts';
import { acceptedOrDeclined } from '../optional-support.ts';

const host = 'method.example.com';

scenario(
  {
    id: 'method/regex',
    title: 'RegularExpression matches work on service and method, on either alone, and heed letter case',
    support: 'implementation-specific',
    clauses: [
      'method-regex-service-and-method',
      'method-regex-service-only',
      'method-regex-method-only',
      'method-regex-case-sensitive',
      'method-regex-unsupported-visible',
      'match-all-of-conditions',
    ],
    backends: ['v1', 'v2', 'v3', 'v4'],
    guards: ['projectcontour/contour#5116'],
  },
  async (t) => {
    await t.apply();
    if (
      !(await acceptedOrDeclined(
        t,
        'patterns',
        'a method match by regular expression',
        'method-regex-unsupported-visible',
      ))
    )
      return;

    const streams = ['routeproof.v1.Probe/ClientStream', 'routeproof.v1.Probe/BidiStream'];
    const matched = { v1: [echoTwo, ...streams], v2: [guideEcho, guideEchoV2], v3: [probe, probeTwo] };
    for (const [backend, methods] of Object.entries(matched)) {
      for (const method of methods) await t.callMust({ host, method }, { backend });
    }
    await t.callMust({ host, method: echo, metadata: { env: 'canary' } }, { backend: 'v4' });
    for (const method of [echo, 'routeproof.v1.Probe/ServerStream', 'helloworld.Greeter/SayHello']) {
      await t.callMustAlways({ host, method }, refused, 3);
    }
  },
);
