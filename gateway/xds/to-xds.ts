import type { IrGateway, IrPort, IrTable } from '../ir/ir.ts';
import { clusterResource, endpointsResource } from './cluster.ts';
import { containerPorts } from './container-port.ts';
import { listenerResource } from './listener.ts';
import { XdsMemo } from './memo.ts';
import type { XdsResource, XdsSnapshot, XdsType } from './resource.ts';
import { hostScope, wildcardScope } from './scope.ts';
import { secretResource } from './secret.ts';

/**
 * Everything Envoy has to know to be that Gateway. Pure: the same input gives the same bytes.
 *
 * @param memo - of this Gateway: what did not change since the last call with it is not encoded again
 */
export function toXds(gateway: IrGateway, memo: XdsMemo = new XdsMemo()): XdsSnapshot {
  const snapshot = emptySnapshot();
  const add = (resource: XdsResource): void => void snapshot[resource.type].set(resource.name, resource);
  const shown = gateway.backendClientCertificate;
  if (shown !== undefined) add(memo.ofObject(shown, 'sds', () => secretResource(shown)));
  for (const cluster of Object.values(gateway.clusters)) {
    const parts = [cluster.protocol, cluster.tls, cluster.tls && shown?.name];
    add(memo.ofParts(`cds ${cluster.name}`, parts, () => clusterResource(cluster, shown?.name)));
    add(memo.ofObject(cluster, 'eds', () => endpointsResource(cluster)));
  }
  const ports = containerPorts(gateway.ports.map(({ port }) => port));
  for (const port of gateway.ports) {
    const containerPort = ports.get(port.port) ?? port.port;
    const parts = [containerPort, ...port.tables.flatMap(listenerParts)];
    add(memo.ofParts(`lds ${port.port}`, parts, () => listenerResource(port, containerPort)));
    for (const table of port.tables) {
      for (const certificate of table.tls?.certificates ?? []) {
        add(memo.ofObject(certificate, 'sds', () => secretResource(certificate)));
      }
      for (const scope of scopesOf(port, table, memo)) add(scope);
    }
  }
  memo.sweep();
  return snapshot;
}

export function emptySnapshot(): Record<XdsType, Map<string, XdsResource>> {
  return { cds: new Map(), eds: new Map(), sds: new Map(), lds: new Map(), srds: new Map() };
}

/** What a listener depends on; hosts and routes reach Envoy as scopes. */
function listenerParts({ id, tls }: IrTable): unknown[] {
  const { serverName, certificates, clientValidation } = tls ?? {};
  const names = certificates?.map(({ name }) => name).join();
  return [id, tls !== undefined, serverName, names, clientValidation?.caPem, clientValidation?.mode];
}

function scopesOf(port: IrPort, table: IrTable, memo: XdsMemo): XdsResource[] {
  const scopes: XdsResource[] = [];
  const wildcards: IrTable['hosts'] = [];
  for (const host of table.hosts) {
    if (host.hostname.startsWith('*')) wildcards.push(host);
    else scopes.push(memo.ofObject(host, table.id, () => hostScope(port, table, host)));
  }
  if (wildcards.length > 0) {
    scopes.push(memo.ofParts(`srds ${table.id}`, wildcards, () => wildcardScope(port, table, wildcards)));
  }
  return scopes;
}
