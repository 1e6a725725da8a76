/** lastTransitionTime counts whole seconds: one that is written anew within its second looks as if it had stayed. */
import { expect, type KubernetesObject, type Ref, type Scenario } from '../harness/index.ts';
import { laterSecond } from './api-clock.ts';
import type { ConditionStatus, ParentRef, ParentStatus } from './shapes.ts';
import { statusPatch } from './status-patch.ts';

const longAgo = '2024-05-20T18:00:00Z';

interface Status {
  conditions?: ConditionStatus[];
  listeners?: { name: string; conditions: ConditionStatus[] }[];
  ancestors?: { ancestorRef: ParentRef; controllerName: string; conditions: ConditionStatus[] }[];
  parents?: ParentStatus[];
}

interface Place {
  /** The type, after the name of the listener or of the ancestor that the condition is about, or after what the parentRef names. */
  id: string;
  path: string;
  status: string;
  time: string;
}

/** How often the status may be written between a look at it and the patch. */
const attempts = 5;

function placesOf(t: Scenario, object: KubernetesObject): Place[] {
  const {
    conditions,
    listeners = [],
    ancestors = [],
    parents = [],
  } = (object as { status?: Status }).status ?? {};
  const places = (list: ConditionStatus[] | undefined, path: string, of = ''): Place[] =>
    (list ?? []).map(({ type, status, lastTransitionTime }, at) => ({
      id: `${of}${type}`,
      path: `${path}/conditions/${String(at)}/lastTransitionTime`,
      status,
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
    ...parents.flatMap((each, at) =>
      each.controllerName === t.controllerName
        ? places(each.conditions, `/status/parents/${String(at)}`, `${named(each.parentRef)} `)
        : [],
    ),
  ];
}

function named({ name, sectionName, port }: ParentRef): string {
  return [name, sectionName, port].filter((part) => part !== undefined).join(' ');
}

/**
 * Makes the times of all conditions of a route, a Gateway, a GatewayClass, a ListenerSet or a BackendTLSPolicy old ones; of parents and
 * ancestors those that the controller under test wrote. Returns what was there, by Place.id: a controller may put the times back. They are
 * of an earlier second than whatever comes next.
 */
export async function backdate(t: Scenario, ref: Ref): Promise<Map<string, Backdated>> {
  for (let attempt = 1; ; attempt += 1) {
    const object = await t.get<KubernetesObject>(ref);
    const places = placesOf(t, object);
    await laterSecond(t);
    const { exitCode, stderr } = await t.kubectl(patchOf(ref, object, places));
    // Whoever wrote meanwhile may have put the conditions in another order.
    if (exitCode !== 0 && attempt < attempts) continue;
    await t.check('the status takes the patch', () => expect(exitCode, stderr).to.equal(0), 'apply');
    return new Map(places.map(({ id, status, time }) => [id, { status, time }]));
  }
}

/** A condition as it was before `backdate`. */
export interface Backdated {
  status: string;
  time: string;
}

/** These conditions say what they said before, and since when: since then, or since long ago. */
export function timesMustHaveStayed(
  t: Scenario,
  object: KubernetesObject,
  before: ReadonlyMap<string, Backdated>,
  ids: readonly string[],
): void {
  const now = new Map(placesOf(t, object).map((place) => [place.id, place]));
  for (const id of ids) {
    expect(now.get(id)?.status, id).to.equal(before.get(id)?.status);
    expect(now.get(id)?.time, id).to.be.oneOf([longAgo, before.get(id)?.time]);
  }
}

/** These conditions have a later time than before: they flipped. */
export function timesMustHaveMoved(
  t: Scenario,
  object: KubernetesObject,
  before: ReadonlyMap<string, Backdated>,
  ids: readonly string[],
): void {
  const now = new Map(placesOf(t, object).map((place) => [place.id, place.time]));
  for (const id of ids) {
    const times = [longAgo, before.get(id)?.time ?? longAgo].map(Date.parse);
    expect(Date.parse(now.get(id) ?? ''), id).to.be.greaterThan(Math.max(...times));
  }
}

function patchOf(ref: Ref, { metadata }: KubernetesObject, places: readonly Place[]): string[] {
  const { name = '', namespace, resourceVersion } = metadata ?? {};
  const patch = [
    { op: 'test', path: '/metadata/resourceVersion', value: resourceVersion },
    ...places.map(({ path }) => ({ op: 'replace', path, value: longAgo })),
  ];
  return statusPatch({ kind: ref.kind, name, ...(namespace === undefined ? {} : { namespace }) }, patch);
}
