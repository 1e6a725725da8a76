import type { IrCertificate, IrGateway, IrTable } from '../ir/ir.ts';
import { clusterResource, endpointsResource } from './cluster.ts';
import { containerPorts } from './container-port.ts';
import { listenerResource } from './listener.ts';
import { XdsMemo } from './memo.ts';
import type { XdsResource, XdsSnapshot, XdsType } from './resource.ts';
import { hostScope, scopeKey, wildcardScope } from './scope.ts';
import { secretResource } from './secret.ts';

/**
 * Everything Envoy has to know to be that Gateway. Pure: the same input gives the same bytes.
 *
 * @param memo - of this Gateway: what did not change since the last call with it is not encoded again
 */
export function toXds(gateway: IrGateway, memo: XdsMemo = new XdsMemo()): XdsSnapshot {
  const snapshot = emptySnapshot();
  const add = (type: XdsType, name: string, input: unknown, build: () => XdsResource): void => {
    snapshot[type].set(name, memo.resource(`${type} ${name}`, input, build));
  };
  for (const cluster of Object.values(gateway.clusters)) {
    add('cds', cluster.name, cluster.protocol, () => clusterResource(cluster));
    add('eds', cluster.name, cluster.endpoints, () => endpointsResource(cluster));
  }
  const ports = containerPorts(gateway.ports.map(({ port }) => port));
  for (const port of gateway.ports) {
    const containerPort = ports.get(port.port) ?? port.port;
    const listener = listenerInput(port.tables, containerPort);
    add('lds', `port-${port.port}`, listener, () => listenerResource(port, containerPort));
    for (const table of port.tables) {
      for (const certificate of certificatesOf(table)) {
        add('sds', certificate.name, certificate, () => secretResource(certificate));
      }
      addScopes(table, add);
    }
  }
  memo.sweep();
  return snapshot;
}

type MutableSnapshot = Record<XdsType, Map<string, XdsResource>>;

export function emptySnapshot(): MutableSnapshot {
  return { cds: new Map(), eds: new Map(), sds: new Map(), lds: new Map(), srds: new Map() };
}

/** What a listener depends on; hosts and routes reach Envoy as scopes. */
function listenerInput(tables: readonly IrTable[], containerPort: number): unknown {
  const chains = tables.map(({ id, tls }) => [
    id,
    tls?.serverName,
    tls?.certificates.map(({ name }) => name),
  ]);
  return { containerPort, chains, tls: tables.some(({ tls }) => tls !== undefined) };
}

function certificatesOf(table: IrTable): IrCertificate[] {
  return table.tls?.certificates ?? [];
}

function addScopes(
  table: IrTable,
  add: (type: XdsType, name: string, input: unknown, build: () => XdsResource) => void,
): void {
  const wildcards: IrTable['hosts'] = [];
  for (const host of table.hosts) {
    if (host.hostname.startsWith('*')) wildcards.push(host);
    else add('srds', scopeKey(table.id, host.hostname), host, () => hostScope(table, host));
  }
  if (wildcards.length > 0)
    add('srds', scopeKey(table.id, '*'), wildcards, () => wildcardScope(table, wildcards));
}
