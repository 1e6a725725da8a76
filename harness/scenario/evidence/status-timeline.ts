import { keyOf } from '../../../common/object-key.ts';
import type { Gateway, KubeObject, Route, StatusCondition } from '../../kube/objects.ts';
import type { ScenarioCore } from '../core/core.ts';
import { describeParent } from '../../wait/conditions.ts';

/** Writes every change of a condition of the scenario's Gateways and routes into its timeline. @returns how to stop */
export async function watchStatus(core: ScenarioCore): Promise<() => void> {
  const kinds = ['Gateway', 'GRPCRoute', 'HTTPRoute', 'GatewayClass'];
  const stops = await Promise.all(
    kinds.map(async (kind) => {
      const watch = await core.env.watches.of(kind, undefined);
      return watch.listen((object, previous) => {
        if (object === undefined || !isOwn(core, object)) return;
        for (const text of transitions(previous, object)) {
          core.timeline.add({ kind: 'status', object: `${kind} ${keyOf(object)}`, text });
        }
      });
    }),
  );
  return () => {
    for (const stop of stops) stop();
  };
}

function isOwn(core: ScenarioCore, object: KubeObject): boolean {
  const { own, nonce } = core.names;
  const { namespace, name = '' } = object.metadata ?? {};
  if (namespace === undefined) return name.endsWith(`-${nonce}`);
  return namespace === own || namespace.startsWith(`${own}-`);
}

/** One line for each condition (or attachedRoutes, or address) that is not as it was. */
export function transitions(previous: KubeObject | undefined, object: KubeObject): string[] {
  const before = factsOf(previous);
  const lines: string[] = [];
  for (const [name, fact] of factsOf(object)) if (before.get(name) !== fact) lines.push(`${name}=${fact}`);
  return lines;
}

function factsOf(object: KubeObject | undefined): Map<string, string> {
  const facts = new Map<string, string>();
  if (object === undefined) return facts;
  const add = (prefix: string, conditions: StatusCondition[] | undefined): void => {
    for (const each of conditions ?? []) {
      facts.set(
        `${prefix}${each.type}`,
        `${each.status}/${each.reason ?? ''} (generation ${String(each.observedGeneration ?? '-')})`,
      );
    }
  };
  const gateway = object as Gateway;
  add('', gateway.status?.conditions);
  const addresses = gateway.status?.addresses?.map((address) => address.value).join(', ');
  if (addresses !== undefined && addresses !== '') facts.set('address', addresses);
  for (const listener of gateway.status?.listeners ?? []) {
    add(`listener ${listener.name}: `, listener.conditions);
    facts.set(`listener ${listener.name}: attachedRoutes`, String(listener.attachedRoutes ?? 0));
  }
  for (const parent of (object as Route).status?.parents ?? []) {
    add(`${describeParent(parent.parentRef)} by ${parent.controllerName}: `, parent.conditions);
  }
  return facts;
}
