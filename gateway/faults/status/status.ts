import { keyOf } from '../../../common/object-key.ts';
import { deepEqual } from '../../translate/memory/memo.ts';
import type {
  Condition,
  GrpcRoute,
  ParentRef,
  RouteParentStatus,
} from '../../translate/model/gateway-api.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { claimsTrue, onConditions, onParents, onRouteStatuses, unwrittenRoutes } from '../hooks/statuses.ts';

/** Edits conditions of routes that have that reason. */
function onReason(reason: string, edit: (condition: Condition) => Condition | undefined): FaultHooks {
  return {
    statuses: onConditions((condition, { level }) =>
      level === 'parent' && condition.reason === reason ? edit(condition) : condition,
    ),
  };
}

function withReason(from: string, to: string): FaultHooks {
  return onReason(from, (condition) => ({ ...condition, reason: to }));
}

/** Says that a route is Accepted that was refused for that reason. */
function acceptedInstead(reason: string): FaultHooks {
  return onReason(reason, (condition) => ({
    ...condition,
    status: 'True',
    reason: 'Accepted',
    message: 'Route is accepted',
  }));
}

const standard = ['Accepted', 'ResolvedRefs', 'PartiallyInvalid'];

/** What the statuses of routes say. */
export const status: readonly Fault[] = [
  {
    name: 'accepted-always-true',
    title: 'Every route is Accepted, whatever is wrong with it.',
    clauses: ['status-nomatchingparent', 'status-notallowedbylisteners', 'status-nomatchinglistenerhostname'],
    layers: ['status'],
    reference: 'Kong/kubernetes-ingress-controller#5411',
    hooks: () => ({ statuses: claimsTrue('Accepted') }),
  },
  {
    name: 'resolvedrefs-always-true',
    title: 'ResolvedRefs is True on routes whose backends do not exist.',
    clauses: ['backend-not-found-status', 'backend-not-found-message'],
    layers: ['status'],
    reference: 'aws/aws-application-networking-k8s#544',
    hooks: () => ({ statuses: claimsTrue('ResolvedRefs') }),
  },
  {
    name: 'resolvedrefs-missing',
    title: 'Routes carry no ResolvedRefs when all is well.',
    clauses: ['status-resolvedrefs-present'],
    layers: ['status'],
    hooks: () => ({
      statuses: onConditions((condition, { level }) =>
        level === 'parent' && condition.type === 'ResolvedRefs' && condition.status === 'True'
          ? undefined
          : condition,
      ),
    }),
  },
  {
    name: 'accepted-wrong-reason',
    title: 'The reason of Accepted=True is another than Accepted.',
    clauses: ['status-accepted-true-reason'],
    layers: ['status'],
    hooks: () => withReason('Accepted', 'Valid'),
  },
  {
    name: 'resolvedrefs-wrong-reason',
    title: 'The reason of ResolvedRefs=True is another than ResolvedRefs.',
    clauses: ['status-resolvedrefs-true-reason'],
    layers: ['status'],
    hooks: () => withReason('ResolvedRefs', 'Resolved'),
  },
  {
    name: 'stale-observed-generation',
    title: 'Conditions of routes keep the generation that they were first written for.',
    clauses: ['status-observedgeneration-current', 'status-unchanged-verdict-still-bumped'],
    layers: ['status'],
    hooks: () => ({
      statuses: onConditions((condition, { level }) =>
        level === 'parent' ? { ...condition, observedGeneration: 1 } : condition,
      ),
    }),
  },
  {
    name: 'unchanged-verdict-not-bumped',
    title: 'observedGeneration moves only when a verdict changes.',
    clauses: ['status-unchanged-verdict-still-bumped', 'status-observedgeneration-current'],
    layers: ['status'],
    hooks: () => ({
      statuses: onParents((parent, route) => {
        const stored = storedParent(parent, route.status?.parents);
        const conditions = parent.conditions?.map((condition) => {
          const old = stored?.conditions?.find(({ type }) => type === condition.type);
          return old?.status === condition.status ? old : condition;
        });
        return { ...parent, ...(conditions && { conditions }) };
      }),
    }),
  },
  {
    name: 'observed-generation-missing',
    title: 'Conditions of routes carry no observedGeneration.',
    clauses: ['status-observedgeneration-nonzero', 'status-observedgeneration-current'],
    layers: ['status'],
    hooks: () => ({
      statuses: onConditions(({ observedGeneration, ...condition }, { level }) =>
        level === 'parent' || observedGeneration === undefined
          ? condition
          : { ...condition, observedGeneration },
      ),
    }),
  },
  {
    name: 'transition-time-always-moves',
    title: 'lastTransitionTime moves with every write.',
    clauses: ['status-lasttransitiontime-stable'],
    layers: ['status'],
    hooks: () => ({
      statuses: onConditions((condition, { level }) =>
        level === 'parent' ? { ...condition, lastTransitionTime: new Date().toISOString() } : condition,
      ),
      writesRestlessly: true,
    }),
  },
  {
    name: 'transition-time-never-moves',
    title: 'lastTransitionTime stays where it was when a condition flips.',
    clauses: ['status-lasttransitiontime-on-flip'],
    layers: ['status'],
    hooks: () => ({
      statuses: onParents((parent, route) => {
        const stored = storedParent(parent, route.status?.parents);
        const conditions = parent.conditions?.map((condition) => ({
          ...condition,
          lastTransitionTime:
            stored?.conditions?.find(({ type }) => type === condition.type)?.lastTransitionTime ??
            condition.lastTransitionTime,
        }));
        return { ...parent, ...(conditions && { conditions }) };
      }),
    }),
  },
  {
    name: 'messages-empty',
    title: 'Conditions of routes have no message.',
    clauses: ['status-reason-message-nonempty'],
    layers: ['status'],
    hooks: () => ({
      statuses: onConditions((condition, { level }) =>
        level === 'parent' ? { ...condition, message: '' } : condition,
      ),
    }),
  },
  {
    name: 'own-condition-without-domain',
    title: 'Routes carry a condition of the implementation whose type has no domain.',
    clauses: ['status-custom-conditions-prefixed'],
    layers: ['status'],
    hooks: () => withExtraCondition('Programmed', 'True'),
  },
  {
    name: 'partially-invalid-when-valid',
    title: 'PartiallyInvalid=False is on routes that are valid.',
    clauses: ['status-negative-only-when-true', 'status-partiallyinvalid-absent-when-valid'],
    layers: ['status'],
    hooks: () => withExtraCondition('PartiallyInvalid', 'False'),
  },
  {
    name: 'partially-invalid-missing',
    title: 'A route of which some rules are invalid does not say so.',
    clauses: ['status-partiallyinvalid-set', 'status-partiallyinvalid-dropped-rule'],
    layers: ['status'],
    hooks: () => ({
      statuses: onConditions((condition) => (condition.type === 'PartiallyInvalid' ? undefined : condition)),
    }),
  },
  {
    name: 'partially-invalid-not-cleared',
    title: 'PartiallyInvalid stays after the route was mended.',
    clauses: ['status-partiallyinvalid-cleared'],
    layers: ['status'],
    hooks: () => ({
      statuses: onParents((parent, route) => {
        const old = storedParent(parent, route.status?.parents)?.conditions?.find(
          ({ type }) => type === 'PartiallyInvalid',
        );
        const { conditions = [] } = parent;
        if (old === undefined || conditions.some(({ type }) => type === old.type)) return parent;
        return { ...parent, conditions: [...conditions, old] };
      }),
    }),
  },
  {
    name: 'partially-invalid-on-refused-routes',
    title: 'PartiallyInvalid stays on a route that its Gateway has come to refuse.',
    clauses: ['status-partiallyinvalid-absent-when-valid'],
    layers: ['status'],
    hooks: () => ({
      statuses: onParents((parent, route) => {
        const { conditions = [] } = parent;
        const isRefused = conditions.some(({ type, status: is }) => type === 'Accepted' && is === 'False');
        const old = (route.status?.parents ?? [])
          .flatMap((stored) => stored.conditions ?? [])
          .find(({ type }) => type === 'PartiallyInvalid');
        if (!isRefused || old === undefined) return parent;
        const { generation = 0 } = route.metadata;
        return { ...parent, conditions: [...conditions, { ...old, observedGeneration: generation }] };
      }),
    }),
  },
  {
    name: 'partially-invalid-names-no-rule',
    title: 'PartiallyInvalid does not say which rule was dropped.',
    clauses: ['status-partiallyinvalid-dropped-rule'],
    layers: ['status'],
    hooks: () => ({
      statuses: onConditions((condition) =>
        condition.type === 'PartiallyInvalid' ? { ...condition, message: 'something is wrong' } : condition,
      ),
    }),
  },
  {
    name: 'all-rules-invalid-accepted',
    title: 'A route none of whose rules can be used is Accepted.',
    clauses: ['status-accepted-false-when-no-rule-works', 'status-unsupported-value'],
    layers: ['status'],
    hooks: () => acceptedInstead('UnsupportedValue'),
  },
  {
    name: 'one-invalid-rule-refuses-route',
    title: 'A route with one rule that cannot be used is not Accepted.',
    clauses: ['status-accepted-when-one-rule-works'],
    layers: ['status', 'routed'],
    hooks: () => ({
      statuses: onParents((parent) => {
        const { conditions = [] } = parent;
        if (!conditions.some(({ type }) => type === 'PartiallyInvalid')) return parent;
        return {
          ...parent,
          conditions: conditions.map((condition) =>
            condition.type === 'Accepted'
              ? { ...condition, status: 'False', reason: 'UnsupportedValue', message: 'a rule is invalid' }
              : condition,
          ),
        };
      }),
    }),
  },
  {
    name: 'invalid-pattern-unreported',
    title: 'A pattern that does not compile shows in no status.',
    clauses: ['method-regex-invalid-pattern', 'status-partiallyinvalid-set'],
    layers: ['status'],
    hooks: () => ({
      statuses: (statuses, input) => {
        const claimed = claimsTrue('Accepted')(statuses, input);
        return onConditions((condition) => (condition.type === 'PartiallyInvalid' ? undefined : condition))(
          claimed,
          input,
        );
      },
    }),
  },
  {
    name: 'invalid-pattern-never-forgiven',
    title: 'A route that once had a pattern that does not compile stays declined when it is corrected.',
    clauses: ['method-regex-invalid-pattern'],
    layers: ['status'],
    hooks: () => {
      const once = new Set<string>();
      return {
        statuses: onConditions((condition, { object }) => {
          const id = `${keyOf(object)} ${String(object.metadata.creationTimestamp)}`;
          if (condition.message.includes('not a valid RE2')) once.add(id);
          if (condition.type !== 'Accepted' || !once.has(id)) return condition;
          return { ...condition, status: 'False', reason: 'UnsupportedValue', message: 'no such pattern' };
        }),
      };
    },
  },
  {
    name: 'no-matching-hostname-accepted',
    title: 'A route without a hostname of its listener is Accepted.',
    clauses: ['status-nomatchinglistenerhostname', 'hostname-no-intersection-rejected'],
    layers: ['status'],
    hooks: () => acceptedInstead('NoMatchingListenerHostname'),
  },
  {
    name: 'no-matching-hostname-wrong-reason',
    title: 'A route without a hostname of its listener is refused as NoMatchingParent.',
    clauses: ['status-nomatchinglistenerhostname'],
    layers: ['status'],
    hooks: () => withReason('NoMatchingListenerHostname', 'NoMatchingParent'),
  },
  {
    name: 'not-allowed-accepted',
    title: 'A route that no listener allows is Accepted.',
    clauses: ['status-notallowedbylisteners', 'parentref-cross-namespace-denied'],
    layers: ['status'],
    hooks: () => acceptedInstead('NotAllowedByListeners'),
  },
  {
    name: 'not-allowed-wrong-reason',
    title: 'A route that no listener allows is refused as NoMatchingParent.',
    clauses: ['status-notallowedbylisteners', 'parentref-kind-not-allowed'],
    layers: ['status'],
    hooks: () => withReason('NotAllowedByListeners', 'NoMatchingParent'),
  },
  {
    name: 'no-matching-parent-accepted',
    title: 'A route for a listener that is not there is Accepted.',
    clauses: ['status-nomatchingparent', 'parentref-sectionname-not-found', 'parentref-port-not-found'],
    layers: ['status'],
    reference: 'Kong/kubernetes-ingress-controller#5411',
    hooks: () => acceptedInstead('NoMatchingParent'),
  },
  {
    name: 'no-matching-parent-wrong-reason',
    title: 'A route for a listener that is not there is refused as NotAllowedByListeners.',
    clauses: ['status-nomatchingparent', 'parentref-sectionname-not-found'],
    layers: ['status'],
    hooks: () => withReason('NoMatchingParent', 'NotAllowedByListeners'),
  },
  {
    name: 'refused-route-without-status',
    title: 'A route that is refused gets no status.',
    clauses: ['status-accepted-present', 'parentref-no-listener-accepts-detached', 'status-nomatchingparent'],
    layers: ['status'],
    hooks: () => ({
      statuses: onParents((parent) =>
        parent.conditions?.some(({ type, status: is }) => type === 'Accepted' && is === 'False') === true
          ? undefined
          : parent,
      ),
    }),
  },
  {
    name: 'one-entry-per-gateway',
    title: 'A route with two parentRefs to one Gateway has one entry for both.',
    clauses: ['status-entry-per-parentref', 'parentref-multiple-sections-same-gateway'],
    layers: ['status'],
    hooks: () => ({
      statuses: onRouteStatuses((written, _route, _update, { controllerName }) => ({
        parents: written.parents.filter(
          (parent, index) =>
            parent.controllerName !== controllerName ||
            written.parents.findIndex(
              (other) =>
                other.controllerName === controllerName && other.parentRef.name === parent.parentRef.name,
            ) === index,
        ),
      })),
    }),
  },
  {
    name: 'entry-without-section',
    title: 'Entries do not repeat the sectionName of their parentRef.',
    clauses: ['status-entry-echoes-parentref'],
    layers: ['status'],
    hooks: () => ({
      statuses: onParents(({ parentRef: { sectionName: _sectionName, ...parentRef }, ...parent }) => ({
        ...parent,
        parentRef,
      })),
    }),
  },
  {
    name: 'entry-for-missing-gateway',
    title: 'A route gets an entry for a Gateway that does not exist.',
    clauses: ['parentref-nonexistent-gateway-no-entry'],
    layers: ['status'],
    hooks: () => ({
      statuses: (statuses, input) => {
        const known = new Set(input.objects.gateways.map(keyOf));
        const own = (parents: RouteParentStatus[]): boolean =>
          parents.some(({ controllerName }) => controllerName === input.controllerName);
        const withMissing = (
          parents: RouteParentStatus[],
          route: Pick<GrpcRoute, 'metadata'> & { spec: { parentRefs?: ParentRef[] } },
        ): RouteParentStatus[] => {
          const { namespace = '', generation } = route.metadata;
          const missing = (route.spec.parentRefs ?? []).filter(
            (ref) => !known.has(`${ref.namespace ?? namespace}/${ref.name}`),
          );
          const others = parents.filter(
            (parent) =>
              parent.controllerName !== input.controllerName ||
              !missing.some((ref) => deepEqual(ref, parent.parentRef)),
          );
          const condition: Condition = {
            type: 'Accepted',
            status: 'False',
            reason: 'NoMatchingParent',
            message: 'the Gateway does not exist',
            ...(generation !== undefined && { observedGeneration: generation }),
            lastTransitionTime: input.now,
          };
          const { controllerName } = input;
          return [
            ...others,
            ...missing.map((parentRef) => ({ parentRef, controllerName, conditions: [condition] })),
          ];
        };
        const unwritten = unwrittenRoutes(statuses, input).filter(({ status }) => own(status.parents));
        return onRouteStatuses((status, route, { kind }) =>
          kind === 'GRPCRoute' && own(status.parents)
            ? { parents: withMissing(status.parents, route) }
            : status,
        )([...statuses, ...unwritten], input);
      },
    }),
  },
  {
    name: 'nack-ignored',
    title: 'A route whose configuration Envoy refuses stays accepted.',
    clauses: ['status-accepted-false-when-no-rule-works'],
    layers: ['status'],
    hooks: () => ({
      input: (input) => {
        const proxies = [...input.proxies].map(([key, proxy]) => [key, { ...proxy, rejected: [] }] as const);
        return { ...input, proxies: new Map(proxies) };
      },
    }),
  },
];

function storedParent(
  parent: RouteParentStatus,
  stored: readonly RouteParentStatus[] | undefined,
): RouteParentStatus | undefined {
  return stored?.find(
    ({ controllerName, parentRef }) =>
      controllerName === parent.controllerName && deepEqual(parentRef, parent.parentRef),
  );
}

/** Adds a condition to our entries of routes that are Accepted. */
function withExtraCondition(type: string, is: 'True' | 'False'): FaultHooks {
  return {
    statuses: onParents((parent, route, { now }) => {
      const { conditions = [] } = parent;
      if (conditions.some((condition) => condition.type === type)) return parent;
      if (conditions.some((condition) => !standard.includes(condition.type))) return parent;
      const extra: Condition = {
        type,
        status: is,
        reason: 'Planted',
        message: 'a condition too many',
        ...(route.metadata.generation !== undefined && { observedGeneration: route.metadata.generation }),
        lastTransitionTime: now,
      };
      return { ...parent, conditions: [...conditions, extra] };
    }),
  };
}
