/** lastTransitionTime counts whole seconds: one that is written anew within its second looks as if it had stayed. */
import { expect, type KubernetesObject, type Ref, type Scenario } from '../harness/index.ts';
import { laterSecond } from './api-clock.ts';
import type { ConditionStatus, ParentRef } from './shapes.ts';

export const longAgo = '2024-05-20T18:00:00Z';

interface Status {
  conditions?: ConditionStatus[];
  listeners?: { name: string; conditions: ConditionStatus[] }[];
  ancestors?: { ancestorRef: ParentRef; controllerName: string; conditions: ConditionStatus[] }[];
}

interface Place {
  /** The type, after the name of the listener or of the ancestor that the condition is about. */
  id: string;
  path: string;
  time: string;
}

const resources: Record<string, string> = {
  Gateway: 'gateways',
  GatewayClass: 'gatewayclasses',
  ListenerSet: 'listenersets',
  BackendTLSPolicy: 'backendtlspolicies',
};

function placesOf(t: Scenario, object: KubernetesObject): Place[] {
  const { conditions, listeners = [], ancestors = [] } = (object as { status?: Status }).status ?? {};
  const places = (list: ConditionStatus[] | undefined, path: string, of = ''): Place[] =>
    (list ?? []).map(({ type, lastTransitionTime }, at) => ({
      id: `${of}${type}`,
      path: `${path}/conditions/${String(at)}/lastTransitionTime`,
      time: lastTransitionTime,
    }));
  return [
    ...places(conditions, '/status'),
    ...listeners.flatMap((each, at) =>
      places(each.conditions, `/status/listeners/${String(at)}`, `${each.name} `),
    ),
    ...ancestors.flatMap((each, at) =>
      each.controllerName === t.controllerName
        ? places(each.conditions, `/status/ancestors/${String(at)}`, `${each.ancestorRef.name} `)
        : [],
    ),
  ];
}

/**
 * The times of all conditions of a Gateway, a GatewayClass, a ListenerSet or a BackendTLSPolicy, by type, after the name of the listener
 * or of the ancestor that the condition is about; of ancestors those that the controller under test wrote.
 */
export function timesOf(t: Scenario, object: KubernetesObject): Map<string, string> {
  return new Map(placesOf(t, object).map(({ id, time }) => [id, time]));
}

/**
 * Makes all of those times old ones. Returns those that were there: a controller may put them back. They are of an earlier second
 * than whatever comes next.
 */
export async function backdate(t: Scenario, ref: Ref): Promise<Map<string, string>> {
  const object = await t.get<KubernetesObject>(ref);
  const places = placesOf(t, object);
  const patch = places.map(({ path }) => ({ op: 'replace', path, value: longAgo }));
  const { name = '', namespace } = object.metadata ?? {};
  const args = [
    'patch',
    `${resources[ref.kind] ?? ref.kind}.gateway.networking.k8s.io`,
    name,
    ...(namespace === undefined ? [] : ['--namespace', namespace]),
    '--subresource=status',
    '--type=json',
    '-p',
    JSON.stringify(patch),
  ];
  await laterSecond(t);
  const { exitCode, stderr } = await t.kubectl(args);
  await t.check('the status takes the patch', () => expect(exitCode, stderr).to.equal(0), 'apply');
  return new Map(places.map(({ id, time }) => [id, time]));
}
