import { keyOf, objectKey } from '../../../common/object-key.ts';
import type { IrRoute } from '../../ir/ir.ts';
import type {
  BackendObjectReference,
  BackendTlsPolicy,
  GrpcRoute,
  PolicyAncestorStatus,
  Service,
} from '../../translate/model/gateway-api.ts';
import type { TranslateInput } from '../../translate/model/types.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { placeInRoute } from '../hooks/ir.ts';
import { namesGateway } from '../hooks/objects.ts';
import { inPlaintext, toClusters } from '../hooks/plaintext.ts';
import { onPolicies, targetsOf, unmet } from '../hooks/policies.ts';
import { statusHook } from '../hooks/statuses.ts';
import { tellingAs } from '../hooks/unseen.ts';

/** The Services that references of a GRPCRoute lead to. */
const keysOf = (route: GrpcRoute, refs: readonly BackendObjectReference[]): string[] =>
  refs.map(({ namespace = route.metadata.namespace, name }) => objectKey(namespace, name));

const forwardsTo = (route: GrpcRoute): string[] =>
  keysOf(
    route,
    (route.spec.rules ?? []).flatMap(({ backendRefs = [] }) => backendRefs),
  );

const mirrorsTo = (route: GrpcRoute): string[] =>
  keysOf(
    route,
    (route.spec.rules ?? []).flatMap(({ filters = [] }) =>
      filters.flatMap(({ requestMirror }) => requestMirror?.backendRef ?? []),
    ),
  );

/** Policies have no entries of ours but where a route uses their Services in the usual way. */
function toldOfOnly(usedBy: (route: GrpcRoute) => string[]): FaultHooks {
  const isTold = (policy: BackendTlsPolicy, { objects }: TranslateInput): boolean => {
    const used = new Set(objects.grpcRoutes.flatMap(usedBy));
    return [...targetsOf([policy])].some((key) => used.has(key));
  };
  return {
    statuses: statusHook((update, object, input) => {
      if (update.kind !== 'BackendTLSPolicy' || isTold(object as BackendTlsPolicy, input)) return update;
      const { controllerName } = input;
      const ancestors = update.status.ancestors.filter((entry) => entry.controllerName !== controllerName);
      return { ...update, status: { ancestors } };
    }),
  };
}

/** Keeps entries of ours that are stored and should go. */
function keptAncestors(
  isMeant: (gatewayKey: string, policy: BackendTlsPolicy, input: TranslateInput) => boolean,
): FaultHooks {
  return {
    statuses: statusHook((update, object, input) => {
      if (update.kind !== 'BackendTLSPolicy') return update;
      const policy = object as BackendTlsPolicy;
      const { ancestors } = update.status;
      const isOwn = ({ controllerName }: PolicyAncestorStatus): boolean =>
        controllerName === input.controllerName;
      const keyOfGateway = ({ ancestorRef }: PolicyAncestorStatus): string =>
        objectKey(ancestorRef.namespace ?? policy.metadata.namespace, ancestorRef.name);
      const left = new Set(ancestors.filter(isOwn).map(keyOfGateway));
      const kept = (policy.status?.ancestors ?? []).filter(
        (entry) =>
          isOwn(entry) && !left.has(keyOfGateway(entry)) && isMeant(keyOfGateway(entry), policy, input),
      );
      return { ...update, status: { ancestors: [...ancestors, ...kept] } };
    }),
  };
}

/** Keys of routes, by the Gateway and the Service under a policy that they lead calls to. */
function usesOf({ objects }: TranslateInput): Map<string, Set<string>> {
  const targets = targetsOf(objects.backendTlsPolicies);
  const uses = new Map<string, Set<string>>();
  for (const route of objects.grpcRoutes)
    for (const service of forwardsTo(route).filter((key) => targets.has(key)))
      for (const { namespace = route.metadata.namespace, name } of route.spec.parentRefs ?? []) {
        const use = `${objectKey(namespace, name)} ${service}`;
        uses.set(use, (uses.get(use) ?? new Set()).add(keyOf(route)));
      }
  return uses;
}

/** Leaves out routes beside which another one has stopped to use a Service through their Gateway, until they are edited. */
function withoutLeftBehind(): NonNullable<FaultHooks['input']> {
  let before = new Map<string, Set<string>>();
  const leftBehind = new Set<string>();
  const idOf = ({ metadata }: GrpcRoute): string => `${keyOf({ metadata })} ${metadata.generation ?? 0}`;
  return (input) => {
    const now = usesOf(input);
    const left = new Set<string>();
    for (const [use, routes] of before) {
      const stay = now.get(use) ?? new Set();
      if ([...routes].some((key) => !stay.has(key))) for (const key of stay) left.add(key);
    }
    before = now;
    const { grpcRoutes } = input.objects;
    for (const route of grpcRoutes) if (left.has(keyOf(route))) leftBehind.add(idOf(route));
    const counted = grpcRoutes.filter((route) => !leftBehind.has(idOf(route)));
    return { ...input, objects: { ...input.objects, grpcRoutes: counted } };
  };
}

/** Policies for Services that routes use in another way than most do. */
export const policyReach: readonly Fault[] = [
  {
    name: 'backend-tls-needs-port-name',
    title: 'A policy for a Service whose only port has no name is accepted, and not in force.',
    clauses: ['btls-union-with-grpcroute'],
    layers: ['backend', 'routed'],
    hooks: () =>
      onPolicies((policies, { objects }) => {
        const isNameless = ({ spec }: Service): boolean =>
          spec?.ports?.length === 1 && (spec.ports[0]?.name ?? '') === '';
        const nameless = new Set(objects.services.filter(isNameless).map(keyOf));
        return policies.filter((policy) => ![...targetsOf([policy])].some((key) => nameless.has(key)));
      }),
  },
  {
    name: 'unmet-policy-mirror-in-plaintext',
    title: 'Mirrored calls go out in plaintext to a Service under a policy that cannot be met.',
    clauses: ['btls-no-plaintext-fallback', 'btls-mirror-union'],
    layers: ['backend', 'routed'],
    hooks: () =>
      onPolicies((policies, input) => {
        const doomed = unmet(input);
        const mirrored = new Set(input.objects.grpcRoutes.flatMap(mirrorsTo));
        return policies.filter(
          (policy) =>
            !doomed.has(keyOf(policy)) || ![...targetsOf([policy])].some((key) => mirrored.has(key)),
        );
      }),
  },
  {
    name: 'backend-tls-mirror-no-ancestor',
    title: 'A policy that only mirrors use has nothing in its status.',
    clauses: ['btls-ancestor-status'],
    layers: ['status'],
    hooks: () => toldOfOnly(forwardsTo),
  },
  {
    name: 'backend-tls-listener-set-no-ancestor',
    title: 'A policy that only routes of ListenerSets use has nothing in its status.',
    clauses: ['btls-ancestor-status'],
    layers: ['status'],
    hooks: () =>
      toldOfOnly((route) =>
        (route.spec.parentRefs ?? []).every(({ kind }) => kind === 'ListenerSet')
          ? []
          : [...forwardsTo(route), ...mirrorsTo(route)],
      ),
  },
  {
    name: 'ancestor-of-deleted-gateway-kept',
    title: 'The entry of a policy for a Gateway stays when that is deleted.',
    clauses: ['btls-ancestor-status'],
    layers: ['status'],
    hooks: () =>
      keptAncestors(
        (key, _policy, { objects }) => !objects.gateways.some((gateway) => keyOf(gateway) === key),
      ),
  },
  {
    name: 'ancestor-of-refusing-gateway-kept',
    title: 'The entry of a policy for a Gateway stays when that comes to refuse the routes that use it.',
    clauses: ['btls-ancestor-in-effect-only'],
    layers: ['status'],
    hooks: () =>
      keptAncestors((key, policy, { objects }) => {
        const gateway = objects.gateways.find((each) => keyOf(each) === key);
        const targets = targetsOf([policy]);
        return objects.grpcRoutes.some(
          (route) =>
            gateway !== undefined &&
            namesGateway(route, gateway) &&
            forwardsTo(route).some((service) => targets.has(service)),
        );
      }),
  },
];

/** Policies whose Services several routes use. */
export const severalUsers: readonly Fault[] = [
  {
    name: 'ancestor-lost-with-one-of-its-routes',
    title:
      'The entry of a policy for a Gateway goes when one of two routes that use its Service through that Gateway leaves.',
    clauses: ['btls-ancestor-status'],
    layers: ['status'],
    hooks: () => tellingAs(['BackendTLSPolicy'], withoutLeftBehind()),
  },
];

const layers: Fault['layers'] = ['routed', 'backend'];

/** Routes that name a ListenerSet, told from the input. */
function ofListenerSets(hooks: (isMeant: (route: IrRoute) => boolean) => FaultHooks): FaultHooks {
  const meant = new Set<string>();
  const made = hooks(({ source }) => meant.has(source.key));
  return {
    ...made,
    input: (input) => {
      for (const route of input.objects.grpcRoutes)
        if ((route.spec.parentRefs ?? []).some(({ kind }) => kind === 'ListenerSet')) meant.add(keyOf(route));
      return made.input?.(input) ?? input;
    },
  };
}

/** Backends under policies that are reached in a way that is not the usual one. */
export const backendTlsReach: readonly Fault[] = [
  {
    name: 'backend-tls-not-from-listener-sets',
    title: 'Calls of routes of ListenerSets go to a backend under a policy in plaintext.',
    clauses: ['btls-union-with-grpcroute', 'btls-any-listener-protocol', 'listenerset-serves-traffic'],
    layers,
    hooks: () =>
      ofListenerSets((isMeant) =>
        inPlaintext((route, twin) => (isMeant(route) ? toClusters(route, twin) : route)),
      ),
  },
  {
    name: 'backend-tls-of-first-rule-only',
    title: 'Calls of all rules of a route but the first go to a backend under a policy in plaintext.',
    clauses: ['btls-union-with-grpcroute'],
    layers,
    hooks: () =>
      inPlaintext((route, twin) => (placeInRoute(route).rule > 0 ? toClusters(route, twin) : route)),
  },
  {
    name: 'backend-tls-yields-to-app-protocol',
    title: 'A policy is accepted and not in force where the Service port declares HTTP/2 in the clear.',
    clauses: ['btls-plaintext-app-protocol'],
    layers,
    hooks: () => {
      const declared = new Set<string>();
      const { ir } = inPlaintext((route, twin) =>
        toClusters(route, (name) => {
          const isDeclared = declared.has(name.split('/').slice(0, 3).join('/'));
          return isDeclared && name.includes('/tls-') ? twin(name) : name;
        }),
      );
      return {
        input: (input) => {
          for (const service of input.objects.services)
            for (const { port, appProtocol } of service.spec?.ports ?? [])
              if (appProtocol === 'kubernetes.io/h2c') declared.add(`${keyOf(service)}/${String(port)}`);
          return input;
        },
        ...(ir && { ir }),
      };
    },
  },
  {
    name: 'backend-tls-not-for-granted-backends',
    title:
      'A policy is not in force for routes of another namespace that a ReferenceGrant leads to its Service.',
    clauses: ['btls-union-with-grpcroute', 'btls-target-same-namespace'],
    layers,
    hooks: () =>
      inPlaintext((route, twin) => {
        const [own] = route.source.key.split('/');
        return toClusters(route, (name) => (name.startsWith(`${own ?? ''}/`) ? name : twin(name)));
      }),
  },
];
