import { expect, scenario } from '../../harness/index.ts';
import type { CallResult, KubernetesObject } from '../../harness/index.ts';
import { deploymentsMustBeAvailable } from '../deployments.ts';
import { call, mustStay, routeServed, startSession } from './tokens.ts';

interface Selecting extends KubernetesObject {
  spec: { selector: Record<string, string> };
}

const fromGreen = {
  also: ({ backend }: CallResult): void => {
    expect(backend, 'pod').to.match(/^green-/);
  },
};

scenario(
  {
    id: 'session/selector-change',
    title: 'When a Service selects other pods, sessions go on and new calls go to the pods that it selects',
    support: 'extended',
    channel: 'experimental',
    clauses: ['session-selector-change', 'session-unsupported-visible'],
    manifests: ['selector-change.yaml', 'selector-change-v1.7.0.yaml', 'selector-change-pods.yaml'],
    takesMs: 3000,
  },
  async (t) => {
    await t.apply('selector-change-pods.yaml');
    await deploymentsMustBeAvailable(t, 'blue', 'green');
    if (!(await routeServed(t, 'selector-change.yaml', 'session-unsupported-visible'))) return;
    const session = await startSession(t);
    await mustStay(t, session);

    await t.update<Selecting>({ kind: 'Service', name: 'pool' }, ({ spec }) => {
      spec.selector['colour'] = 'green';
    });
    await t.callMust(call, fromGreen);
    await t.callMustAlways(call, fromGreen, 20);
    const later = await t.callMust({ ...call, metadata: session.token }, {});
    t.note(
      `After the change the token of ${session.backend} leads to ${later.backend ?? 'nobody'}: a session should go on, as long as its pod lives.`,
    );
    // Whichever it is, a session begun now is one, and the old one reaches nobody but its own pod or a pod that is selected.
    await mustStay(t, await startSession(t));
    await t.callMustAlways(
      { ...call, metadata: session.token },
      {
        also: ({ backend }) => {
          if (backend !== session.backend) expect(backend, 'pod').to.match(/^green-/);
        },
      },
      20,
    );
  },
);
