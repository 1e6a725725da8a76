import { scenario } from '../../harness/index.ts';
import { refused } from '../expected.ts';
import { guideEcho, probe, probeTwo } from '../methods.ts';
import { acceptedOrDeclined } from '../optional-support.ts';

const host = 'anchored.example.com';

scenario(
  {
    id: 'method/regex-anchored',
    title: 'Patterns for service and method that say where they begin and end match as those that do not',
    support: 'implementation-specific',
    clauses: [
      'method-regex-service-and-method',
      'method-regex-service-only',
      'method-regex-unsupported-visible',
    ],
    backends: ['v1', 'v2'],
  },
  async (t) => {
    await t.apply();
    const what = 'a method match by regular expression';
    if (!(await acceptedOrDeclined(t, 'anchored', what, 'method-regex-unsupported-visible'))) return;

    await t.callMust({ host, method: probe }, { backend: 'v1' });
    await t.callMust({ host, method: guideEcho }, { backend: 'v2' });
    for (const method of [probeTwo, 'routeproof.v1.Probe/ServerStream'])
      await t.callMustAlways({ host, method }, refused, 3);
  },
);
