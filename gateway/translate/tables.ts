import type { IrHost, IrPort, IrRoute, IrTable, IrTls } from '../ir/ir.ts';
import type { ListenerAttachment } from './attach.ts';
import { comparePrecedence } from './compiled.ts';
import type { CompiledRoute } from './compiled.ts';
import { isAccepted, isServed } from './gateway-model.ts';
import type { GatewayModel, ListenerModel } from './gateway-model.ts';
import { anyHost, compareSpecificity } from './hostname.ts';
import { keepList, sameElements } from './memo.ts';

/** A route on one listener, accepted there. */
export interface ServedRoute {
  compiled: CompiledRoute;
  attachment: ListenerAttachment;
}

interface KnownHost {
  parts: CompiledRoute[];
  /** Name of the answer that stands in for routes, on hosts of other listeners. */
  fixed: string | undefined;
  host: IrHost;
}

/** The tables of one Gateway; keeps every host, list and table whose content has not changed from the last run. */
export class TableBuilder {
  #hosts = new Map<string, KnownHost>();
  #nextHosts = new Map<string, KnownHost>();
  #lists = new Map<string, IrHost[]>();
  #orders = new Map<string, { names: string[]; sorted: string[] }>();
  #tables = new Map<string, IrTable>();
  #ports: IrPort[] | undefined;

  ports(model: GatewayModel, served: ReadonlyMap<ListenerModel, readonly ServedRoute[]>): IrPort[] {
    this.#nextHosts = new Map();
    const numbers = [...new Set(model.listeners.filter(isServed).map(({ port }) => port))];
    const ports = numbers.sort((a, b) => a - b).map((number) => this.#port(model, number, served));
    this.#hosts = this.#nextHosts;
    this.#ports = keepList(this.#ports, ports);
    return this.#ports;
  }

  #port(
    model: GatewayModel,
    number: number,
    served: ReadonlyMap<ListenerModel, readonly ServedRoute[]>,
  ): IrPort {
    const listeners = model.listeners
      .filter((listener) => listener.port === number && isAccepted(listener))
      .sort((a, b) => compareSpecificity(a.hostname, b.hostname));
    const protocol = listeners[0]?.protocol ?? 'HTTP';
    const tables =
      protocol === 'HTTP'
        ? [this.#plainTable(number, listeners, served)]
        : listeners
            .filter(isServed)
            .map((listener) => this.#tlsTable(model, number, listener, listeners, served));
    const previous = this.#ports?.find((port) => port.port === number && port.protocol === protocol);
    if (previous !== undefined && sameElements(previous.tables, tables)) return previous;
    return { port: number, protocol, tables };
  }

  /** All listeners of a plaintext port share a table: `served` hostnames are disjoint, so each host has one owner. */
  #plainTable(
    port: number,
    listeners: readonly ListenerModel[],
    served: ReadonlyMap<ListenerModel, readonly ServedRoute[]>,
  ): IrTable {
    const id = `http-${port}`;
    const hosts = new HostCollector();
    for (const listener of listeners) {
      hosts.addOwn(listener.hostname);
      hosts.addRoutes(served.get(listener) ?? []);
    }
    return this.#table({ id, hosts: this.#hostList(id, hosts) });
  }

  /**
   * The server name selects the table, the authority is checked again inside: what belongs to another listener of the port
   * is answered 421, so that a client that reuses its connection opens another one.
   */
  #tlsTable(
    model: GatewayModel,
    port: number,
    listener: ListenerModel,
    siblings: readonly ListenerModel[],
    served: ReadonlyMap<ListenerModel, readonly ServedRoute[]>,
  ): IrTable {
    const id = `https-${port}-${listener.name}`;
    const hosts = new HostCollector();
    hosts.addOwn(listener.hostname);
    hosts.addRoutes(served.get(listener) ?? []);
    for (const sibling of siblings) {
      if (sibling !== listener) hosts.addForeign(sibling.hostname, misdirected(model, sibling));
    }
    const tls: IrTls = {
      ...(listener.hostname === anyHost ? {} : { serverName: listener.hostname }),
      certificates: listener.certificates,
    };
    return this.#table({ id, tls, hosts: this.#hostList(id, hosts) });
  }

  #table(next: IrTable): IrTable {
    const previous = this.#tables.get(next.id);
    if (
      previous?.hosts === next.hosts &&
      previous.tls?.serverName === next.tls?.serverName &&
      sameElements(previous.tls?.certificates ?? [], next.tls?.certificates ?? [])
    ) {
      return previous;
    }
    this.#tables.set(next.id, next);
    return next;
  }

  #hostList(tableId: string, collector: HostCollector): IrHost[] {
    const previous = this.#lists.get(tableId);
    const hosts = this.#order(tableId, collector).map((hostname) => this.#host(tableId, hostname, collector));
    const list = keepList(previous, hosts);
    this.#lists.set(tableId, list);
    return list;
  }

  /** Sorting thousands of names costs more than noticing that they are the same as before. */
  #order(tableId: string, collector: HostCollector): string[] {
    const names = collector.hostnames();
    const known = this.#orders.get(tableId);
    if (known !== undefined && sameElements(known.names, names)) return known.sorted;
    const sorted = [...names].sort(compareSpecificity);
    this.#orders.set(tableId, { names, sorted });
    return sorted;
  }

  #host(tableId: string, hostname: string, collector: HostCollector): IrHost {
    const key = `${tableId} ${hostname}`;
    const parts = collector.parts(hostname);
    const fixed = collector.fixedName(hostname);
    const fallThrough = !collector.isEnd(hostname);
    const known = this.#hosts.get(key);
    const same =
      known?.host.fallThrough === fallThrough && known.fixed === fixed && sameElements(known.parts, parts);
    const entry = same
      ? known
      : { parts, fixed, host: { hostname, routes: collector.routes(hostname), fallThrough } };
    this.#nextHosts.set(key, entry);
    return entry.host;
  }
}

/** Gathers, by hostname, which routes serve it. */
class HostCollector {
  readonly #parts = new Map<string, CompiledRoute[]>();
  readonly #fixed = new Map<string, IrRoute>();
  readonly #ends = new Set<string>();

  /** A listener's own hostname ends the search even when no route names it. */
  addOwn(hostname: string): void {
    this.#ends.add(hostname);
    if (!this.#parts.has(hostname)) this.#parts.set(hostname, []);
  }

  addForeign(hostname: string, answer: IrRoute): void {
    this.addOwn(hostname);
    this.#fixed.set(hostname, answer);
  }

  addRoutes(served: readonly ServedRoute[]): void {
    for (const { compiled, attachment } of served) {
      if (compiled.routes.length === 0) continue;
      for (const hostname of attachment.served) {
        const parts = this.#parts.get(hostname);
        if (parts === undefined) this.#parts.set(hostname, [compiled]);
        else parts.push(compiled);
      }
    }
  }

  hostnames(): string[] {
    return [...this.#parts.keys()];
  }

  parts(hostname: string): CompiledRoute[] {
    return this.#parts.get(hostname) ?? [];
  }

  fixedName(hostname: string): string | undefined {
    return this.#fixed.get(hostname)?.name;
  }

  isEnd(hostname: string): boolean {
    return this.#ends.has(hostname);
  }

  routes(hostname: string): IrRoute[] {
    const fixed = this.#fixed.get(hostname);
    if (fixed !== undefined) return [fixed];
    return this.parts(hostname)
      .flatMap(({ routes }) => routes)
      .sort(comparePrecedence)
      .map(({ route }) => route);
  }
}

function misdirected(model: GatewayModel, owner: ListenerModel): IrRoute {
  return {
    name: `Gateway/${model.key}/misdirected/${owner.name}`,
    source: { kind: 'Gateway', key: model.key },
    generation: 0,
    protocol: 'http',
    match: { path: { type: 'prefix', value: '/' }, headers: [], queryParams: [] },
    requestHeaders: { set: [], add: [], remove: [] },
    responseHeaders: { set: [], add: [], remove: [] },
    mirrors: [],
    action: { type: 'respond', httpStatus: 421 },
  };
}
