import { keyOf, objectKey } from '../../../common/object-key.ts';
import { serviceNameLabel } from '../../translate/backends/endpoints.ts';
import type {
  EndpointSlice,
  Gateway,
  GatewayClass,
  GrpcRoute,
  GrpcRouteMatch,
  GrpcRouteRule,
  HttpRoute,
  Listener,
  ParentRef,
} from '../../translate/model/gateway-api.ts';
import type { Objects, TranslateInput } from '../../translate/model/types.ts';
import { mapSame, remembered } from './memo.ts';

type InputHook = (input: TranslateInput) => TranslateInput;
type Element<K extends keyof Objects> = Objects[K][number];

/** Namespace and name of the Service that an EndpointSlice is of. */
export function serviceOf({ metadata }: EndpointSlice): string {
  return objectKey(metadata.namespace, metadata.labels?.[serviceNameLabel] ?? '');
}

/** Edits the objects of one kind, each once as long as it stays the same; undefined hides it. */
export function onObjects<K extends keyof Objects>(
  kind: K,
  edit: (object: Element<K>) => Element<K> | undefined,
): InputHook {
  const editOnce = remembered<Element<K>, Element<K> | undefined>(edit);
  const editList = remembered((list: readonly Element<K>[]) => mapSame(list, editOnce));
  return (input) => {
    const list = editList(input.objects[kind] as readonly Element<K>[]);
    if (list === input.objects[kind]) return input;
    return { ...input, objects: { ...input.objects, [kind]: list } };
  };
}

/** Edits the objects of one kind, seeing the whole input each time: for edits that depend on other objects. */
export function onObjectsWith<K extends keyof Objects>(
  kind: K,
  edit: (object: Element<K>, input: TranslateInput) => Element<K> | undefined,
): InputHook {
  return (input) => {
    const written = input.objects[kind] as readonly Element<K>[];
    const list = mapSame(written, (object) => edit(object, input));
    return list === written ? input : { ...input, objects: { ...input.objects, [kind]: list } };
  };
}

/** As onObjectsWith, for GRPCRoutes. */
export function onGrpcRoutesWith(
  edit: (route: GrpcRoute, input: TranslateInput) => GrpcRoute | undefined,
): InputHook {
  return onObjectsWith('grpcRoutes', edit);
}

/** Edits each parentRef of each GRPCRoute. */
export function onParentRefs(edit: (ref: ParentRef) => ParentRef): InputHook {
  return onObjects('grpcRoutes', (route) => {
    const refs = route.spec.parentRefs ?? [];
    const parentRefs = mapSame(refs, edit);
    return parentRefs === refs ? route : { ...route, spec: { ...route.spec, parentRefs } };
  });
}

/** The route with those of its parentRefs that `stays` takes; the same object where that is all of them. */
export function withParents(route: GrpcRoute, stays: (ref: ParentRef) => boolean): GrpcRoute {
  const refs = route.spec.parentRefs ?? [];
  const parentRefs = refs.filter(stays);
  return parentRefs.length === refs.length ? route : { ...route, spec: { ...route.spec, parentRefs } };
}

export function withListeners(gateway: Gateway, listeners: Listener[]): Gateway {
  return { ...gateway, spec: { ...gateway.spec, listeners } };
}

/** The Gateway with edited listeners, undefined leaves one out; the same object where each stays what it is. */
export function mapListeners(
  gateway: Gateway,
  edit: (listener: Listener, index: number) => Listener | undefined,
): Gateway {
  const written = gateway.spec.listeners ?? [];
  const listeners = mapSame(written, edit);
  return listeners === written ? gateway : withListeners(gateway, listeners);
}

/** Another one where an object was deleted and made again. */
export function uidOf({ metadata }: { metadata: object }): string | undefined {
  return (metadata as { uid?: string }).uid;
}

/** Edits each rule of each GRPCRoute; undefined leaves it out. */
export function onRules(
  edit: (rule: GrpcRouteRule, index: number, route: GrpcRoute) => GrpcRouteRule | undefined,
): InputHook {
  return onObjects('grpcRoutes', (route) => {
    const rules = route.spec.rules ?? [];
    const next = mapSame(rules, (rule, index) => edit(rule, index, route));
    return next === rules ? route : { ...route, spec: { ...route.spec, rules: next } };
  });
}

/** Edits each match of each GRPCRoute's rules; undefined leaves it out. */
export function onGrpcMatches(
  edit: (match: GrpcRouteMatch, index: number) => GrpcRouteMatch | undefined,
): InputHook {
  return onRules((rule) => {
    const matches = rule.matches ?? [];
    const next = mapSame(matches, edit);
    return next === matches ? rule : { ...rule, matches: next };
  });
}

/** Whether one of a route's parentRefs is to that Gateway, whatever listener it names. */
export function namesGateway({ metadata, spec }: GrpcRoute | HttpRoute, gateway: Gateway): boolean {
  return (spec.parentRefs ?? []).some(
    ({ name, namespace = metadata.namespace }) =>
      name === gateway.metadata.name && namespace === gateway.metadata.namespace,
  );
}

/** The Secrets that Gateways show to backends. */
export function shownBy(gateways: readonly Gateway[]): string[] {
  return gateways.flatMap(({ metadata, spec }) => {
    const ref = spec.tls?.backend?.clientCertificateRef;
    return ref === undefined ? [] : objectKey(ref.namespace ?? metadata.namespace, ref.name);
  });
}

/** The ConfigMaps with the CAs that Gateways know their clients by. */
export function clientCasOf(gateways: readonly Gateway[]): string[] {
  return gateways.flatMap(({ metadata, spec }) => {
    const { default: all, perPort = [] } = spec.tls?.frontend ?? {};
    return [all, ...perPort.map(({ tls }) => tls)]
      .flatMap((each) => each?.validation?.caCertificateRefs ?? [])
      .map(({ namespace = metadata.namespace, name }) => objectKey(namespace, name));
  });
}

/** The Gateway that a parentRef of a route names. */
export function gatewayOf(
  { namespace, name }: ParentRef,
  route: GrpcRoute | HttpRoute,
  { gateways }: Objects,
): Gateway | undefined {
  const key = objectKey(namespace ?? route.metadata.namespace, name);
  return gateways.find((gateway) => keyOf(gateway) === key);
}

/** Objects that are there now, by key. */
export function present(kind: 'grpcRoutes' | 'backendTlsPolicies', { objects }: TranslateInput): Set<string> {
  return new Set(objects[kind].map(keyOf));
}

/** Leads the reference to where no grant is, if it writes that namespace out. */
export const astray = <Ref extends { namespace?: string }>(ref: Ref, own: string | undefined): Ref =>
  own !== undefined && ref.namespace === own ? { ...ref, namespace: `${own}-other` } : ref;

const bornAt = ({ metadata }: GatewayClass): string =>
  `${String(metadata.creationTimestamp)} ${metadata.name}`;

/** Our classes, the oldest first. */
export function ownClassesByAge({ objects, controllerName }: TranslateInput): GatewayClass[] {
  return objects.gatewayClasses
    .filter(({ spec }) => spec.controllerName === controllerName)
    .toSorted((left, right) => bornAt(left).localeCompare(bornAt(right)));
}
