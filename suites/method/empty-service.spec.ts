import { scenario } from '../../harness/index.ts';
import { refused } from '../expected.ts';
import { echo, echoTwo, guideEcho, probe } from '../methods.ts';
import { acceptedOrDeclined } from '../optional-support.ts';

const host = 'method.example.com';

scenario(
  {
    id: 'method/empty-service',
    title: 'An empty service stands for any service',
    support: 'implementation-specific',
    clauses: ['method-empty-service-any', 'method-regex-method-only', 'method-regex-unsupported-visible'],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    if (
      !(await acceptedOrDeclined(
        t,
        'empty-service',
        'a pattern for the method alone',
        'method-regex-unsupported-visible',
      ))
    )
      return;

    for (const method of [echo, guideEcho]) await t.callMust({ host, method }, { backend: 'v1' });
    for (const method of [echoTwo, probe]) await t.callMustAlways({ host, method }, refused, 3);
  },
);
