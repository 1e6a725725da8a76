import { listDiff } from '../../common/list-diff.ts';
import type { IrCertificate, IrCluster, IrGateway, IrHost, IrPort, IrTable } from '../ir/ir.ts';
import { clusterResource, endpointsResource } from './cluster.ts';
import { containerPorts } from './container-port.ts';
import { listenerResource } from './listener.ts';
import type { XdsChanges, XdsResource, XdsType } from './resource.ts';
import { hostScope, scopeKey, wildcardScope } from './scope.ts';
import { secretResource } from './secret.ts';

type Changes = Record<XdsType, Map<string, XdsResource | undefined>>;

interface Made {
  parts: readonly unknown[];
  resource: XdsResource;
}

/**
 * What one Gateway's Envoy has to be told after each change of the IR. Lists of hosts and clusters are compared with those of the
 * last call, element by element, and a resource is made of what differs; listeners and certificates, few, are gone through each time.
 * Whoever makes the IR keeps an object as long as its content stays, and changes no list in place.
 */
export class XdsDelta {
  #clusters: readonly IrCluster[] = [];
  #shown: string | undefined;
  /** By id, the hosts that each table had. */
  #tables = new Map<string, readonly IrHost[]>();
  readonly #made = new Map<string, Made>();
  readonly #secrets = new WeakMap<IrCertificate, XdsResource>();
  #few = new Map<string, XdsResource>();

  /** What differs from the last call: after the first one, everything. */
  changes(gateway: IrGateway): XdsChanges {
    const changes: Changes = {
      cds: new Map(),
      eds: new Map(),
      sds: new Map(),
      lds: new Map(),
      srds: new Map(),
    };
    this.#changeClusters(gateway, changes);
    this.#changeFew(gateway, changes);
    this.#changeScopes(gateway, changes);
    return changes;
  }

  #changeClusters(gateway: IrGateway, { cds, eds }: Changes): void {
    const shown = gateway.backendClientCertificate?.name;
    const { clusters } = gateway;
    // A certificate of another name concerns every cluster with TLS.
    const before = shown === this.#shown ? this.#clusters : [];
    const gone = shown === this.#shown ? [] : this.#clusters;
    const { removed, added } = listDiff(before, clusters);
    for (const { name } of [...gone, ...removed]) for (const type of [cds, eds]) type.set(name, undefined);
    for (const cluster of added) {
      const { name, protocol, tls } = cluster;
      const parts = [protocol, tls, tls && shown];
      cds.set(
        name,
        this.#ofParts(`cds ${name}`, parts, () => clusterResource(cluster, shown)),
      );
      eds.set(name, endpointsResource(cluster));
    }
    for (const [name, resource] of cds) if (resource === undefined) this.#made.delete(`cds ${name}`);
    this.#clusters = clusters;
    this.#shown = shown;
  }

  /** Listeners and certificates. One certificate may serve several listeners. */
  #changeFew(gateway: IrGateway, changes: Changes): void {
    const few = new Map<string, XdsResource>();
    const add = (resource: XdsResource): void => void few.set(`${resource.type} ${resource.name}`, resource);
    if (gateway.backendClientCertificate !== undefined) add(this.#secret(gateway.backendClientCertificate));
    const ports = containerPorts(gateway.ports.map(({ port }) => port));
    for (const port of gateway.ports) {
      const containerPort = ports.get(port.port) ?? port.port;
      const parts = [containerPort, ...port.tables.flatMap(listenerParts)];
      add(this.#ofParts(`lds ${port.port}`, parts, () => listenerResource(port, containerPort)));
      for (const { tls } of port.tables) for (const each of tls?.certificates ?? []) add(this.#secret(each));
    }
    for (const { type, name } of this.#few.values()) changes[type].set(name, undefined);
    for (const [id, resource] of few) {
      if (this.#few.get(id) === resource) changes[resource.type].delete(resource.name);
      else changes[resource.type].set(resource.name, resource);
    }
    this.#few = few;
  }

  #changeScopes({ ports }: IrGateway, { srds }: Changes): void {
    const tables = new Map<string, readonly IrHost[]>();
    for (const port of ports) {
      for (const table of port.tables) {
        const before = this.#tables.get(table.id) ?? [];
        tables.set(table.id, table.hosts);
        changeTable(port, table, before, srds);
      }
    }
    for (const [id, hosts] of this.#tables) {
      if (!tables.has(id))
        for (const { hostname } of hosts) srds.set(scopeKey(id, nameIn(hostname)), undefined);
    }
    this.#tables = tables;
  }

  #secret(certificate: IrCertificate): XdsResource {
    const known = this.#secrets.get(certificate) ?? secretResource(certificate);
    this.#secrets.set(certificate, known);
    return known;
  }

  /** @param parts - all that the resource is made from: unchanged when each is the same value or object */
  #ofParts(name: string, parts: readonly unknown[], build: () => XdsResource): XdsResource {
    const known = this.#made.get(name);
    if (
      known?.parts.every((part, index) => part === parts[index]) === true &&
      known.parts.length === parts.length
    )
      return known.resource;
    const resource = build();
    this.#made.set(name, { parts, resource });
    return resource;
  }
}

function changeTable(port: IrPort, table: IrTable, before: readonly IrHost[], srds: Changes['srds']): void {
  const { removed, added } = listDiff(before, table.hosts);
  for (const { hostname } of removed) srds.set(scopeKey(table.id, nameIn(hostname)), undefined);
  for (const host of added) {
    if (!isWildcard(host)) srds.set(scopeKey(table.id, host.hostname), hostScope(port, table, host));
  }
  if (![...removed, ...added].some(isWildcard)) return;
  // They share a scope, for which every host of the table is looked at: wildcards are few, and seldom change.
  const wildcards = table.hosts.filter(isWildcard);
  if (wildcards.length > 0) srds.set(scopeKey(table.id, nameIn('*')), wildcardScope(port, table, wildcards));
}

function isWildcard({ hostname }: IrHost): boolean {
  return hostname.startsWith('*');
}

/** In the key of the scope that has it. */
function nameIn(hostname: string): string {
  return hostname.startsWith('*') ? '*' : hostname;
}

/** What a listener depends on; hosts and routes reach Envoy as scopes. */
function listenerParts({ id, tls }: IrTable): unknown[] {
  const { serverName, certificates, clientValidation } = tls ?? {};
  const names = certificates?.map(({ name }) => name).join();
  return [id, tls !== undefined, serverName, names, clientValidation?.caPem, clientValidation?.mode];
}
