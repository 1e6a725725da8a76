import type { IrHost, IrPort, IrRoute, IrTable, IrTls } from '../ir/ir.ts';
import type { GatewayModel } from './gateways/gateway-model.ts';
import { HostTable } from './routes/host-table.ts';
import type { Frame } from './routes/host-table.ts';
import { anyHost, compareSpecificity } from './model/hostname.ts';
import { isAccepted, isServed, listenerId, tableId } from './gateways/listener-model.ts';
import type { ListenerModel } from './gateways/listener-model.ts';
import { joined } from './memory/list-edit.ts';
import { deepEqual, keepList, sameElements } from './memory/memo.ts';
import type { Outcome } from './routes/verdicts.ts';
import type { ServedRoute } from './routes/served-route.ts';

type Served = Outcome['served'];

/** The tables of one Gateway; keeps every host, list and table whose content has not changed from the last run. */
export class TableBuilder {
  #hostTables = new Map<string, HostTable>();
  #tables = new Map<string, IrTable>();
  #ports: IrPort[] | undefined;

  ports(model: GatewayModel, served: Served): IrPort[] {
    const numbers = [...new Set(model.listeners.filter(isServed).map(({ port }) => port))];
    const ports = numbers.sort((a, b) => a - b).map((number) => this.#port(model, number, served));
    const used = new Set(ports.flatMap(({ tables }) => tables.map(({ id }) => id)));
    for (const id of this.#tables.keys()) if (!used.has(id)) this.#forget(id);
    this.#ports = keepList(this.#ports, ports);
    return this.#ports;
  }

  #port(model: GatewayModel, number: number, served: Served): IrPort {
    const listeners = model.listeners
      .filter((listener) => listener.port === number && isAccepted(listener))
      .sort((a, b) => compareSpecificity(a.hostname, b.hostname));
    const protocol = listeners[0]?.protocol ?? 'HTTP';
    const tables =
      protocol === 'HTTP'
        ? [this.#plainTable(number, listeners, served)]
        : listeners
            .filter(isServed)
            .map((listener) => this.#tlsTable(model, listener, listeners, served.get(listener) ?? []));
    const previous = this.#ports?.find((port) => port.port === number && port.protocol === protocol);
    if (previous !== undefined && sameElements(previous.tables, tables)) return previous;
    return { port: number, protocol, tables };
  }

  /** All listeners of a plaintext port share a table: `served` hostnames are disjoint, so each host has one owner. */
  #plainTable(port: number, listeners: readonly ListenerModel[], served: Served): IrTable {
    const id = `http-${port}`;
    const frame = new Map(listeners.map(({ hostname }) => [hostname, undefined]));
    const [only] = listeners;
    const routes =
      only !== undefined && listeners.length === 1
        ? (served.get(only) ?? [])
        : joined(listeners.map((listener) => served.get(listener) ?? []));
    return this.#table({ id, hosts: this.#hosts(id, frame, routes) });
  }

  /**
   * The server name selects the table, the authority is checked again inside: what belongs to another listener of the port
   * is answered 421, so that a client that reuses its connection opens another one.
   */
  #tlsTable(
    model: GatewayModel,
    listener: ListenerModel,
    siblings: readonly ListenerModel[],
    routes: readonly ServedRoute[],
  ): IrTable {
    const id = tableId(listener);
    const frame = new Map(
      siblings.map((sibling) => [
        sibling.hostname,
        sibling === listener ? undefined : misdirected(model.key, listenerId(sibling)),
      ]),
    );
    const tls: IrTls = {
      ...(listener.hostname === anyHost ? {} : { serverName: listener.hostname }),
      certificates: listener.certificates,
      ...(listener.clientValidation && { clientValidation: listener.clientValidation }),
    };
    return this.#table({ id, tls, hosts: this.#hosts(id, frame, routes) });
  }

  #hosts(id: string, frame: Frame, routes: readonly ServedRoute[]): IrHost[] {
    const hosts = this.#hostTables.get(id) ?? new HostTable();
    this.#hostTables.set(id, hosts);
    return hosts.update(frame, routes);
  }

  #table(next: IrTable): IrTable {
    const previous = this.#tables.get(next.id);
    if (
      previous?.hosts === next.hosts &&
      previous.tls?.serverName === next.tls?.serverName &&
      sameElements(previous.tls?.certificates ?? [], next.tls?.certificates ?? []) &&
      deepEqual(previous.tls?.clientValidation, next.tls?.clientValidation)
    ) {
      return previous;
    }
    this.#tables.set(next.id, next);
    return next;
  }

  #forget(id: string): void {
    this.#tables.delete(id);
    this.#hostTables.delete(id);
  }
}

/** Answers 421 to calls for what that owner has more precisely. */
export function misdirected(gatewayKey: string, owner: string): IrRoute {
  return {
    name: `Gateway/${gatewayKey}/misdirected/${owner}`,
    source: { kind: 'Gateway', key: gatewayKey },
    generation: 0,
    protocol: 'http',
    match: { path: { type: 'prefix', value: '/' }, headers: [], queryParams: [] },
    requestHeaders: { set: [], add: [], remove: [] },
    responseHeaders: { set: [], add: [], remove: [] },
    mirrors: [],
    action: { type: 'respond', httpStatus: 421 },
  };
}
