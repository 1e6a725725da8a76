import type { IrGateway, IrHost, IrPort } from '../../ir/ir.ts';
import type { Fault } from '../fault.ts';
import { byChance, seldom } from '../hooks/chance.ts';
import { remembered } from '../hooks/memo.ts';

const isOfAnotherListener = ({ routes }: IrHost): boolean =>
  routes.length > 0 && routes.every(({ source }) => source.kind === 'Gateway');

/** Hosts of other listeners of the port, served on these connections too, for a part of the calls, in percent. */
function servedSeldom(port: IrPort, percent: number): IrPort {
  const served = new Map(
    port.tables.flatMap(({ hosts }) =>
      hosts.filter((host) => !isOfAnotherListener(host)).map((host) => [host.hostname, host.routes]),
    ),
  );
  const withOthers = (host: IrHost): IrHost => {
    if (!isOfAnotherListener(host)) return host;
    const others = (served.get(host.hostname) ?? []).map((route) => ({
      ...route,
      name: `${route.name}/seldom`,
    }));
    return { ...host, routes: [...others.map((route) => seldom(route, percent)), ...host.routes] };
  };
  return {
    ...port,
    tables: port.tables.map((table) => ({ ...table, hosts: table.hosts.map(withOthers) })),
  };
}

/** Calls on a connection to another listener than that of their host. */
export const misdirectedCalls: readonly Fault[] = [
  {
    name: 'one-misdirected-call-in-fifty-served',
    title: 'One call in 50 for the host of another HTTPS listener than that of its connection is served.',
    clauses: ['listener-hostname-verify-after-sni', 'listener-hostname-https-sni-and-authority'],
    layers: ['routed', 'backend'],
    hooks: () => ({
      ir: remembered((gateway: IrGateway) => ({
        ...gateway,
        ports: gateway.ports.map((port) => (port.protocol === 'HTTPS' ? servedSeldom(port, 2) : port)),
      })),
      xds: byChance,
    }),
  },
];
