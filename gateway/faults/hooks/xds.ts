import { hash } from 'node:crypto';
import { messageType } from '../../xds/protos.ts';
import { typeUrls } from '../../xds/resource.ts';
import type { XdsResource, XdsType } from '../../xds/resource.ts';
import { resourceEntry } from '../../xds/wire.ts';
import { remembered } from './memo.ts';

/** A protobuf message as a plain object: field names as in .proto files, enum values by name. */
export type Message = Record<string, unknown>;

/** In the match of an Envoy route: it takes every other call that fits, by chance. */
export const halfOfCalls = { runtime_fraction: { default_value: { numerator: 50 } } };

interface Any {
  type_url: string;
  value: Uint8Array;
}

const decoding = { enums: String, longs: Number } as const;

const envelope = 'envoy.service.discovery.v3.DeltaDiscoveryResponse';

/** Decodes what a resource says, has it edited in place, and encodes it again under a version of its own. */
export function edited(resource: XdsResource, edit: (message: Message) => void): XdsResource {
  const typeUrl = typeUrls[resource.type];
  const value = editBytes(typeUrl, contentOf(resource), edit);
  const version = hash('sha1', value, 'hex').slice(0, 16);
  const { reworded: _reworded, ...rest } = resource;
  return { ...rest, version, entry: resourceEntry({ name: resource.name, version, typeUrl, value }) };
}

/** The same resource under a version of its own, as if it had changed. */
export function reversioned(resource: XdsResource, suffix: string): XdsResource {
  const { type, name } = resource;
  const version = `${resource.version}-${suffix}`;
  const value = contentOf(resource);
  return { ...resource, version, entry: resourceEntry({ name, version, typeUrl: typeUrls[type], value }) };
}

function contentOf({ entry }: XdsResource): Uint8Array {
  const sent = messageType(envelope).decode(entry) as unknown as { resources: { resource: Any }[] };
  return sent.resources[0]?.resource.value ?? new Uint8Array();
}

/** The message inside of a google.protobuf.Any field, edited. */
export function editedAny({ type_url, value }: Any, edit: (message: Message) => void): Any {
  return { type_url, value: editBytes(type_url, value, edit) };
}

function editBytes(typeUrl: string, bytes: Uint8Array, edit: (message: Message) => void): Uint8Array {
  const type = messageType(typeUrl.replace(/^.*\//, ''));
  const message = type.toObject(type.decode(bytes), decoding);
  edit(message);
  return type.encode(type.fromObject(message)).finish();
}

/** Edits resources of one type, each once as long as it stays the same. */
export function onResources(
  type: XdsType,
  edit: (message: Message, resource: XdsResource) => void,
): (resource: XdsResource) => XdsResource {
  const editOnce = remembered((resource: XdsResource) =>
    edited(resource, (message) => edit(message, resource)),
  );
  return (resource) => (resource.type === type ? editOnce(resource) : resource);
}

/** Edits the HTTP connection manager of each table. */
export function onConnectionManagers(
  edit: (manager: Message, tableId: string) => void,
): (resource: XdsResource) => XdsResource {
  return onResources('lds', (listener) => {
    for (const chain of listOf(listener['filter_chains'])) {
      for (const filter of listOf(chain['filters'])) {
        filter['typed_config'] = editedAny(filter['typed_config'] as Any, (manager) =>
          edit(manager, String(chain['name'])),
        );
      }
    }
  });
}

/** Edits the TLS context of each filter chain that has one. */
export function onTlsContexts(
  edit: (context: Message, chain: Message) => void,
): (resource: XdsResource) => XdsResource {
  return onResources('lds', (listener) => {
    for (const chain of listOf(listener['filter_chains'])) {
      const socket = chain['transport_socket'] as Message | undefined;
      if (socket === undefined) continue;
      socket['typed_config'] = editedAny(socket['typed_config'] as Any, (context) => edit(context, chain));
    }
  });
}

/** Edits the TLS context of each cluster that has one. */
export function onBackendTls(
  edit: (context: Message, cluster: Message) => void,
): (resource: XdsResource) => XdsResource {
  return onResources('cds', (cluster) => {
    const socket = cluster['transport_socket'] as Message | undefined;
    if (socket === undefined) return;
    socket['typed_config'] = editedAny(socket['typed_config'] as Any, (context) => edit(context, cluster));
  });
}

/** Edits the whole list of Envoy's routes of each virtual host. */
export function onVirtualHosts(
  edit: (routes: Message[]) => Message[],
): (resource: XdsResource) => XdsResource {
  return onResources('srds', (scope) => {
    const config = scope['route_configuration'] as Message;
    for (const host of listOf(config['virtual_hosts'])) host['routes'] = edit(listOf(host['routes']));
  });
}

/** Edits Envoy's routes, in the order in which they are matched; undefined leaves one out. */
export function onXdsRoutes(
  edit: (route: Message, index: number) => Message | undefined,
): (resource: XdsResource) => XdsResource {
  return onVirtualHosts((routes) => routes.flatMap<Message>((route, index) => edit(route, index) ?? []));
}

/** Edits what Envoy's routes that forward do. */
export function onRouteActions(
  edit: (action: Message, route: Message) => void,
): (resource: XdsResource) => XdsResource {
  return onXdsRoutes((route) => {
    const action = route['route'] as Message | undefined;
    if (action !== undefined) edit(action, route);
    return route;
  });
}

export function listOf(value: unknown): Message[] {
  return (value ?? []) as Message[];
}
