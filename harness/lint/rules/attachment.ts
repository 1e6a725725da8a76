import type { Issue, Rule } from '../rule.ts';
import type { SourceObject } from '../source.ts';
import { overlap } from '../hostnames.ts';
import { gatewayGroup, isRoute } from '../world.ts';
import type { Attachment, ListenerSpec, RouteObject, World } from '../world.ts';

/** Whether a route would attach to the Gateways that are among the manifests. */
export const attachmentRules: Rule[] = [
  rule('section-not-found', 'parentref-sectionname-not-found', ({ ref, listeners, gateway }) =>
    listeners.length > 0 || ref.sectionName === undefined
      ? undefined
      : {
          field: 'sectionName',
          message: `Gateway ${gateway.metadata?.name ?? ''} has no listener ${ref.sectionName}${ref.port === undefined ? '' : ` on port ${String(ref.port)}`}: Accepted will be False/NoMatchingParent`,
          fix: `name one of its listeners: ${namesOf(gateway.spec?.listeners)}`,
        },
  ),
  rule('port-not-found', 'parentref-port-not-found', ({ ref, listeners, gateway }) =>
    listeners.length > 0 || ref.port === undefined || ref.sectionName !== undefined
      ? undefined
      : {
          field: 'port',
          message: `Gateway ${gateway.metadata?.name ?? ''} has no listener on port ${String(ref.port)}: Accepted will be False/NoMatchingParent`,
          fix: 'name a port that one of its listeners has, or none',
        },
  ),
  rule(
    'namespace-not-allowed',
    'parentref-cross-namespace-denied',
    ({ listeners, gateway }, route, world) => {
      const [of, own] = [world.namespaceOf(route), world.namespaceOf(gateway)];
      if (
        listeners.length === 0 ||
        listeners.some((listener) => admitsNamespace(listener, of, own, world) !== false)
      )
        return undefined;
      return {
        field: 'namespace',
        message: `no listener admits routes of namespace ${of}: Accepted will be False/NotAllowedByListeners`,
        fix: `set allowedRoutes.namespaces of the listener to All, or to a Selector that namespace ${of} fits`,
      };
    },
  ),
  rule('kind-not-allowed', 'parentref-kind-not-allowed', ({ listeners }, route) => {
    if (listeners.length === 0 || listeners.some((listener) => admitsKind(listener, route.kind ?? '')))
      return undefined;
    return {
      field: 'name',
      message: `no listener allows kind ${route.kind ?? ''}: Accepted will be False/NotAllowedByListeners`,
      fix: `add ${route.kind ?? ''} to allowedRoutes.kinds of the listener, or leave kinds away`,
    };
  }),
  rule('protocol-without-grpc', 'parentref-protocol-not-supported', ({ listeners }, route) => {
    if (listeners.length === 0 || listeners.some(carriesHttp)) return undefined;
    return {
      field: 'name',
      message: `${route.kind ?? ''} attaches to HTTP and HTTPS listeners only; these are ${listeners.map(({ protocol = '' }) => protocol).join(', ')}`,
      fix: 'attach to an HTTPS or HTTP listener',
    };
  }),
  rule('hostname-no-intersection', 'hostname-no-intersection-rejected', ({ listeners }, route) => {
    const hostnames = route.spec?.hostnames ?? [];
    if (hostnames.length === 0 || listeners.length === 0) return undefined;
    if (listeners.some(({ hostname }) => hostnames.some((each) => overlap(each, hostname)))) return undefined;
    return {
      field: 'name',
      message: `none of ${hostnames.join(', ')} lies within the listener's hostname (${listeners.map(({ hostname = '' }) => hostname).join(', ')}): Accepted will be False/NoMatchingListenerHostname`,
      fix: 'name hostnames that the listener covers, or widen the listener',
    };
  }),
  {
    id: 'hostname-unused',
    level: 'warning',
    clause: 'hostname-nonmatching-entries-ignored',
    check: unusedHostnames,
  },
];

type Check = (
  attachment: Attachment,
  route: RouteObject,
  world: World,
) => { field: string; message: string; fix: string } | undefined;

/** An error about one parentRef; shown at the reference itself when it does not write the field. */
function rule(id: string, clause: string, check: Check): Rule {
  return {
    id,
    level: 'error',
    clause,
    check: ({ object }, world) => {
      if (!isRoute(object)) return [];
      return world.attachmentsOf(object).flatMap((attachment): Issue[] => {
        const found = check(attachment, object, world);
        if (found === undefined) return [];
        const { field, message, fix } = found;
        return [{ path: [...attachment.path, field], message, fix }];
      });
    },
  };
}

/** An entry that no listener of any known parent covers; all of them being so is an error of its own. */
function unusedHostnames({ object }: SourceObject, world: World): Issue[] {
  if (!isRoute(object)) return [];
  const listeners = world.attachmentsOf(object).flatMap((each) => each.listeners);
  const hostnames = object.spec?.hostnames ?? [];
  const isUnused = (hostname: string): boolean => !listeners.some((each) => overlap(hostname, each.hostname));
  if (listeners.length === 0 || object.spec?.parentRefs?.length !== world.attachmentsOf(object).length)
    return [];
  if (hostnames.every(isUnused)) return [];
  return hostnames.flatMap((hostname, index) =>
    isUnused(hostname)
      ? [
          {
            path: ['spec', 'hostnames', index],
            message: `no listener covers ${hostname}: calls to it are not served`,
            fix: 'remove it, or add a listener for it',
          },
        ]
      : [],
  );
}

/** Undefined where it depends on a Namespace that is not among the manifests. */
function admitsNamespace(
  { allowedRoutes }: ListenerSpec,
  of: string,
  own: string,
  world: World,
): boolean | undefined {
  const { from = 'Same', selector } = allowedRoutes?.namespaces ?? {};
  if (from === 'All') return true;
  if (from === 'Same') return of === own;
  if (from === 'None') return false;
  const labels = world.labelsOf(of);
  if (labels === undefined || selector?.matchExpressions !== undefined) return undefined;
  return Object.entries(selector?.matchLabels ?? {}).every(([name, value]) => labels[name] === value);
}

function admitsKind({ allowedRoutes }: ListenerSpec, kind: string): boolean {
  const kinds = allowedRoutes?.kinds ?? [];
  return (
    kinds.length === 0 ||
    kinds.some((each) => each.kind === kind && (each.group ?? gatewayGroup) === gatewayGroup)
  );
}

function carriesHttp({ protocol = '' }: ListenerSpec): boolean {
  // A protocol with a domain is the implementation's own: it may carry anything.
  return protocol === 'HTTP' || protocol === 'HTTPS' || protocol.includes('/');
}

function namesOf(listeners: ListenerSpec[] = []): string {
  return listeners.map(({ name = '' }) => name).join(', ');
}
