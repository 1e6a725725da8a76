import { scenario } from '../../harness/index.ts';
import type { KubernetesObject } from '../../harness/index.ts';
import { mustEnd, retriesServed } from './tries.ts';

interface Retried extends KubernetesObject {
  spec: { rules: { retry?: { attempts?: number } }[] };
}

scenario(
  {
    id: 'retry/attempts',
    title:
      'A request is tried again as often as its rule says, also after an edit, and then ends in an error',
    support: 'extended',
    features: ['HTTPRoute'],
    channel: 'experimental',
    standardSince: 'v1.7.0',
    clauses: ['retry-attempts-exhausted', 'retry-attempts-default-one', 'retry-attempts-zero'],
    backends: ['v1'],
    manifests: ['attempts.yaml', 'attempts-v1.7.0.yaml'],
  },
  async (t) => {
    await retriesServed(t);
    await mustEnd(t, { path: '/two', times: 2 }, 200, 3);
    await mustEnd(t, { path: '/two', times: 99 }, 503, 3);
    await mustEnd(t, { path: '/five', times: 3 }, 200, 4);
    await mustEnd(t, { path: '/five', times: 99 }, 503, 6);

    await t.update<Retried>({ kind: 'HTTPRoute', name: 'retried' }, ({ spec }) => {
      for (const { retry } of spec.rules) if (retry?.attempts === 2) retry.attempts = 3;
    });
    await t.routeMustBeAccepted('retried', { kind: 'HTTPRoute' });
    await t.barrier();
    await mustEnd(t, { path: '/two', times: 3 }, 200, 4);
    // What no attempts mean is each implementation's own before v1.7.0, and the API server takes no zero.
    if (!t.holds('retry-attempts-zero')) return;
    await mustEnd(t, { path: '/unsaid', times: 99 }, 503, 2);
    await mustEnd(t, { path: '/zero', times: 99 }, 503, 1);
  },
);
