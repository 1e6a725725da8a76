import type { Issue, Rule } from '../rule.ts';
import type { SourceObject } from '../source.ts';
import { overlap } from '../hostnames.ts';
import { admitsNamespace } from '../namespaces.ts';
import { gatewayGroup, isRoute, perWorld } from '../world.ts';
import { isMistakenProtocol } from './listeners.ts';
import type { Attachment, ListenerSpec, RouteObject, World } from '../world.ts';

/** Whether a route would attach to the Gateways that are among the manifests. */
export const attachmentRules: Rule[] = [
  rule('section-not-found', 'parentref-sectionname-not-found', ({ ref, listeners, parent }) =>
    listeners.length > 0 || ref.sectionName === undefined
      ? undefined
      : {
          field: 'sectionName',
          message: `${nameOf(parent)} has no listener ${ref.sectionName}${ref.port === undefined ? '' : ` on port ${String(ref.port)}`}: Accepted will be False/NoMatchingParent`,
          fix: `name one of its listeners: ${namesOf(parent.spec?.listeners)}`,
        },
  ),
  rule('port-not-found', 'parentref-port-not-found', ({ ref, listeners, parent }) =>
    listeners.length > 0 || ref.port === undefined || ref.sectionName !== undefined
      ? undefined
      : {
          field: 'port',
          message: `${nameOf(parent)} has no listener on port ${String(ref.port)}: Accepted will be False/NoMatchingParent`,
          fix: 'name a port that one of its listeners has, or none',
        },
  ),
  refusal(
    'namespace-not-allowed',
    'parentref-cross-namespace-denied',
    refusesNamespace,
    (_route, _listeners, namespace) => ({
      field: 'namespace',
      message: `no listener admits routes of namespace ${namespace}: Accepted will be False/NotAllowedByListeners`,
      fix: `set allowedRoutes.namespaces of the listener to All, or to a Selector that namespace ${namespace} fits`,
    }),
  ),
  refusal('kind-not-allowed', 'parentref-kind-not-allowed', refusesKind, ({ kind = '' }) => ({
    field: 'name',
    message: `no listener allows kind ${kind}: Accepted will be False/NotAllowedByListeners`,
    fix: `add ${kind} to allowedRoutes.kinds of the listener, or leave kinds away`,
  })),
  refusal(
    'protocol-without-grpc',
    'parentref-protocol-not-supported',
    refusesProtocol,
    ({ kind = '' }, listeners) => ({
      field: 'name',
      message: `${kind} attaches to HTTP and HTTPS listeners only; these are ${listeners.map(({ protocol = '' }) => protocol).join(', ')}`,
      fix: 'attach to an HTTPS or HTTP listener',
    }),
  ),
  refusal(
    'hostname-no-intersection',
    'hostname-no-intersection-rejected',
    refusesHostnames,
    (route, listeners) => ({
      field: 'name',
      message: `none of ${(route.spec?.hostnames ?? []).join(', ')} lies within the listener's hostname (${listeners.map(({ hostname = '' }) => hostname).join(', ')}): Accepted will be False/NoMatchingListenerHostname`,
      fix: 'name hostnames that the listener covers, or widen the listener',
    }),
  ),
  rule('no-listener-accepts', 'parentref-no-listener-accepts-detached', (attachment, route, world) => {
    const { listeners } = attachment;
    const reasons = listeners.map((listener) => reasonsOf(listener, attachment, route, world));
    const shared = (reasons[0] ?? []).filter((reason) => reasons.every((each) => each.includes(reason)));
    if (listeners.length < 2 || shared.length > 0 || reasons.some((each) => each.length === 0))
      return undefined;
    const each = listeners.map(({ name = '' }, index) => `${name}: ${reasons[index]?.join(', ') ?? ''}`);
    return {
      field: 'name',
      message: `every listener refuses the route (${each.join('; ')}): Accepted will be False`,
      fix: 'have one listener fit the route in all of hostname, namespace, kind and protocol',
    };
  }),
  {
    id: 'tls-listener-unclear',
    level: 'note',
    clause: 'tls-grpcroute-on-tls-terminate',
    check: tlsListeners,
  },
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

/** Whether a listener refuses the route for one reason; undefined where that is not known. */
type Refuses = (listener: ListenerSpec, attachment: Attachment, route: RouteObject, world: World) => boolean;

/** An error when every listener that the parentRef selects refuses for this reason. */
function refusal(
  id: string,
  clause: string,
  refuses: Refuses,
  say: (
    route: RouteObject,
    listeners: ListenerSpec[],
    namespace: string,
  ) => { field: string; message: string; fix: string },
): Rule {
  return rule(id, clause, (attachment, route, world) => {
    const { listeners } = attachment;
    if (listeners.length === 0 || !listeners.every((each) => refuses(each, attachment, route, world)))
      return undefined;
    return say(route, listeners, world.namespaceOf(route));
  });
}

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

function tlsListeners({ object }: SourceObject, world: World): Issue[] {
  if (!isRoute(object)) return [];
  return world.attachmentsOf(object).flatMap(({ path, listeners }) =>
    listeners.length === 0 ||
    !listeners.every((listener) => listener.protocol === 'TLS' && terminates(listener))
      ? []
      : [
          {
            path: [...path, 'name'],
            message: `whether a ${object.kind ?? ''} attaches to a listener of protocol TLS is the implementation's choice`,
            fix: 'use protocol HTTPS for the listener',
          },
        ],
  );
}

/** The listeners that a route attaches to; those of which it is not known are among them. */
export function admittingListeners(route: RouteObject, world: World): ListenerSpec[] {
  const known = knownListeners(world);
  const found = known.get(route) ?? findListeners(route, world);
  known.set(route, found);
  return found;
}

const knownListeners = perWorld(() => new Map<RouteObject, ListenerSpec[]>());

function findListeners(route: RouteObject, world: World): ListenerSpec[] {
  return world
    .attachmentsOf(route)
    .flatMap((attachment) =>
      attachment.listeners.filter((listener) => reasonsOf(listener, attachment, route, world).length === 0),
    );
}

function reasonsOf(
  listener: ListenerSpec,
  attachment: Attachment,
  route: RouteObject,
  world: World,
): string[] {
  const refusals: [string, Refuses][] = [
    ['other hostname', refusesHostnames],
    ['namespace not allowed', refusesNamespace],
    ['kind not allowed', refusesKind],
    ['other protocol', refusesProtocol],
  ];
  return refusals.flatMap(([reason, refuses]) =>
    refuses(listener, attachment, route, world) ? [reason] : [],
  );
}

function refusesNamespace(
  { allowedRoutes }: ListenerSpec,
  { parent }: Attachment,
  route: RouteObject,
  world: World,
): boolean {
  const namespaces = { of: world.namespaceOf(route), own: world.namespaceOf(parent) };
  return admitsNamespace(allowedRoutes?.namespaces ?? {}, namespaces, world) === false;
}

function refusesKind({ allowedRoutes }: ListenerSpec, _: Attachment, { kind }: RouteObject): boolean {
  const kinds = allowedRoutes?.kinds ?? [];
  return (
    kinds.length > 0 &&
    !kinds.some((each) => each.kind === kind && (each.group ?? gatewayGroup) === gatewayGroup)
  );
}

function refusesProtocol(listener: ListenerSpec): boolean {
  const { protocol = '' } = listener;
  if (protocol === 'TLS') return !terminates(listener);
  // Any other one may be the implementation's own, and carry anything.
  return protocol === 'TCP' || protocol === 'UDP' || isMistakenProtocol(protocol);
}

function refusesHostnames({ hostname }: ListenerSpec, _: Attachment, { spec }: RouteObject): boolean {
  const hostnames = spec?.hostnames ?? [];
  return hostnames.length > 0 && !hostnames.some((each) => overlap(each, hostname));
}

function terminates({ tls }: ListenerSpec): boolean {
  return (tls?.mode ?? 'Terminate') === 'Terminate';
}

function nameOf({ kind = '', metadata }: Attachment['parent']): string {
  return `${kind} ${metadata?.name ?? ''}`;
}

function namesOf(listeners: ListenerSpec[] = []): string {
  return listeners.map(({ name = '' }) => name).join(', ');
}
