import { keyOf, objectKey } from '../../common/object-key.ts';
import { mostAncestors } from './backends/backend-tls.ts';
import type { BackendTlsPolicies, JudgedPolicy } from './backends/backend-tls.ts';
import { compareText } from './memory/compare-text.ts';
import { mergeConditions, positive } from './model/conditions.ts';
import type { DesiredCondition } from './model/conditions.ts';
import type { BackendTlsPolicy, ParentRef, PolicyAncestorStatus, PolicyStatus } from './model/gateway-api.ts';
import { gatewayGroup } from './model/kinds.ts';
import { listDiff } from '../../common/list-diff.ts';
import { sameElements, StatusMemo } from './memory/memo.ts';
import type { RouteEntry } from './routes/route-memory.ts';
import type { StatusUpdate, TranslateInput } from './model/types.ts';
import type { JudgedRoute, Outcome } from './routes/verdicts.ts';

const owned = ['Accepted', 'ResolvedRefs'];

interface PolicyStatusInput {
  policy: BackendTlsPolicy;
  judged: JudgedPolicy;
  /** Keys of the Gateways through which it takes effect. */
  gateways: readonly string[];
  controllerName: string;
  now: string;
}

/** Remembers what each policy is used by, and the statuses, as long as nothing that they say has changed. */
export class PolicyStatuses {
  readonly #memo = new StatusMemo<BackendTlsPolicy, PolicyStatus>();
  #ancestors = new Ancestors();
  #last: { parts: readonly unknown[]; updates: StatusUpdate[] } | undefined;

  /** By namespace/name, those that have to be written. */
  updates(input: TranslateInput, policies: BackendTlsPolicies, outcome: Outcome): StatusUpdate[] {
    const { objects, controllerName } = input;
    if (objects.backendTlsPolicies.length === 0) return [];
    if (this.#ancestors.policies !== policies) this.#ancestors = new Ancestors(policies);
    this.#ancestors.update(outcome.routes);
    const parts = [objects.backendTlsPolicies, policies, this.#ancestors.version, controllerName];
    if (this.#last === undefined || !sameElements(this.#last.parts, parts)) {
      this.#last = { parts, updates: this.#updates(input, policies) };
    }
    return this.#last.updates;
  }

  #updates({ objects, controllerName, now }: TranslateInput, policies: BackendTlsPolicies): StatusUpdate[] {
    const judged = new Map(policies.judged.map((policy) => [policy.key, policy]));
    const sorted = [...objects.backendTlsPolicies].sort((a, b) => compareText(keyOf(a), keyOf(b)));
    return sorted.flatMap((policy): StatusUpdate[] => {
      const own = judged.get(keyOf(policy));
      if (own === undefined) return [];
      const gateways = this.#ancestors.of(own);
      const status = this.#update({ policy, judged: own, gateways, controllerName, now });
      const { namespace = '', name } = policy.metadata;
      return status === undefined ? [] : [{ kind: 'BackendTLSPolicy', namespace, name, status }];
    });
  }

  /** The status to write, or undefined when the policy has it already. */
  #update(input: PolicyStatusInput): PolicyStatus | undefined {
    const { policy, judged, gateways } = input;
    const parts = [judged, ...gateways];
    return this.#memo.of(policy, parts, () => policyStatus(input), { ancestors: [] });
  }
}

/** A Gateway is an ancestor when a route that it accepts sends to what the policy targets. Counts the routes for which that is so. */
class Ancestors {
  readonly policies: BackendTlsPolicies | undefined;
  /** Another object whenever a Gateway comes to a policy or leaves it. */
  version = {};
  readonly #counts = new Map<JudgedPolicy, Map<string, number>>();
  #routes: readonly JudgedRoute[] = [];

  constructor(policies?: BackendTlsPolicies) {
    this.policies = policies;
  }

  update(routes: readonly JudgedRoute[]): void {
    const { removed, added } = listDiff(this.#routes, routes);
    this.#routes = routes;
    for (const route of removed) this.#count(route, -1);
    for (const route of added) this.#count(route, 1);
  }

  /** Keys of the Gateways through which the policy takes effect, in order. */
  of(policy: JudgedPolicy): string[] {
    return [...(this.#counts.get(policy)?.keys() ?? [])].sort(compareText);
  }

  #count({ entry, verdicts }: JudgedRoute, by: number): void {
    const { policies } = this;
    if (policies === undefined || policies.judged.length === 0) return;
    const accepting = entry.parents.filter((_, index) => verdicts[index] === undefined);
    for (const policy of accepting.length === 0 ? [] : policiesOf(entry, policies)) {
      const counts = this.#counts.get(policy) ?? new Map<string, number>();
      this.#counts.set(policy, counts);
      for (const { gatewayKey } of accepting) {
        const before = counts.get(gatewayKey) ?? 0;
        const count = before + by;
        if (before === 0 || count === 0) this.version = {};
        if (count === 0) counts.delete(gatewayKey);
        else counts.set(gatewayKey, count);
      }
    }
  }
}

function policiesOf({ route, compiled }: RouteEntry, policies: BackendTlsPolicies): JudgedPolicy[] {
  return compiled.followed.flatMap(({ ref, resolution }) => {
    const reason = 'problem' in resolution ? resolution.problem.reason : undefined;
    const portName = 'problem' in resolution ? resolution.portName : resolution.cluster.portName;
    // What the route may not or cannot refer to at all, it does not use.
    if (reason === 'RefNotPermitted' || reason === 'InvalidKind') return [];
    const serviceKey = objectKey(ref.namespace ?? route.object.metadata.namespace, ref.name);
    return policies
      .naming(serviceKey)
      .filter(({ targets }) => targets.some((target) => concerns(target, serviceKey, portName)));
  });
}

/** A target that applies to no port shows at every Gateway that uses the Service, or nobody would see it. */
function concerns(
  { serviceKey, port, problem }: JudgedPolicy['targets'][number],
  usedService: string,
  usedPort: string | undefined,
): boolean {
  if (serviceKey !== usedService) return false;
  return port === undefined || problem !== undefined || port === usedPort;
}

/**
 * The whole status.ancestors: entries of other controllers as they are and where they are, ours for the Gateways that use
 * the policy and fit in.
 */
function policyStatus({ policy, judged, gateways, controllerName, now }: PolicyStatusInput): PolicyStatus {
  const { metadata } = policy;
  const context = { generation: metadata.generation, now };
  const wanted = new Set(gateways);
  const own = (key: string, previous: PolicyAncestorStatus | undefined): PolicyAncestorStatus[] => {
    if (!wanted.delete(key)) return [];
    const conditions = mergeConditions(previous?.conditions, conditionsOf(judged), owned, context);
    return [{ ancestorRef: previous?.ancestorRef ?? refOf(key), controllerName, conditions }];
  };
  const ancestors = (policy.status?.ancestors ?? []).flatMap((entry) =>
    entry.controllerName === controllerName ? own(gatewayOf(entry.ancestorRef, policy), entry) : entry,
  );
  for (const key of [...wanted]) if (ancestors.length < mostAncestors) ancestors.push(...own(key, undefined));
  return { ancestors };
}

function refOf(gatewayKey: string): ParentRef {
  const [namespace = '', name = ''] = gatewayKey.split('/');
  return { group: gatewayGroup, kind: 'Gateway', namespace, name };
}

/** Our entries name a whole Gateway: one that names less or something else is not ours to keep. */
function gatewayOf(ref: ParentRef, { metadata }: BackendTlsPolicy): string {
  const { group = gatewayGroup, kind = 'Gateway', namespace = metadata.namespace, name } = ref;
  const isWhole = ref.sectionName === undefined && ref.port === undefined;
  return group === gatewayGroup && kind === 'Gateway' && isWhole ? objectKey(namespace, name) : '';
}

function conditionsOf({ notAccepted, notResolved, warning }: JudgedPolicy): DesiredCondition[] {
  const accepted = warning === undefined ? 'Policy is accepted' : `Policy is accepted; ${warning}`;
  return [
    positive('Accepted', 'Accepted', accepted, notAccepted),
    positive('ResolvedRefs', 'ResolvedRefs', 'All references resolve', notResolved),
  ];
}
