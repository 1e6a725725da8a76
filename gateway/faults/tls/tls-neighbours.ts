import { keyOf } from '../../../common/object-key.ts';
import type { IrTable } from '../../ir/ir.ts';
import type { Condition, Gateway, ListenerStatus } from '../../translate/model/gateway-api.ts';
import { isWildcard } from '../../translate/model/hostname.ts';
import type { Fault } from '../fault.ts';
import { onTables } from '../hooks/ir.ts';
import { onGatewayStatuses } from '../hooks/statuses.ts';

const layers: Fault['layers'] = ['tls', 'connect', 'routed'];

const isOfWildcard = ({ tls }: IrTable): boolean => isWildcard(tls?.serverName ?? '');

/** Whether every name of a table is one of the other, too, and the other has more. */
const isWithin = (table: IrTable, other: IrTable): boolean =>
  isOfWildcard(other) &&
  other !== table &&
  (table.tls?.serverName ?? '').endsWith((other.tls?.serverName ?? '').slice(1)) &&
  table.tls?.serverName !== other.tls?.serverName;

/** A listener with a bare name gets the condition of one with a wildcard below it. */
function withOverlapOfApex(listener: ListenerStatus, gateway: Gateway, all: ListenerStatus[]): Condition[] {
  const written = (gateway.spec.listeners ?? []).filter(({ protocol }) => protocol === 'HTTPS');
  const own = written.find(({ name }) => name === listener.name);
  const wide = written.find(({ hostname, port }) => hostname === `*.${own?.hostname}` && port === own?.port);
  const overlap = all
    .find(({ name }) => name === wide?.name)
    ?.conditions.find(({ type }) => type === 'OverlappingTLSConfig');
  return overlap === undefined ? listener.conditions : [...listener.conditions, overlap];
}

/** HTTPS listeners that get in each other's way. */
export const tlsNeighbours: readonly Fault[] = [
  {
    name: 'certificate-of-wider-wildcard',
    title: 'Of two HTTPS listeners with wildcard hostnames the wider one gives the certificate for both.',
    clauses: ['tls-longest-sni-certificate'],
    layers,
    hooks: () => ({
      ir: onTables((table, port) => {
        const wider = isOfWildcard(table) ? port.tables.find((other) => isWithin(table, other)) : undefined;
        const certificates = wider?.tls?.certificates;
        return table.tls && certificates ? { ...table, tls: { ...table.tls, certificates } } : table;
      }),
    }),
  },
  {
    name: 'certificate-of-wildcard-for-exact',
    title: 'An HTTPS listener for one host presents the certificate of one with a wildcard for it.',
    clauses: ['tls-longest-sni-certificate'],
    layers,
    hooks: () => ({
      ir: onTables((table, port) => {
        const wider = isOfWildcard(table) ? undefined : port.tables.find((other) => isWithin(table, other));
        const certificates = table.tls?.serverName === undefined ? undefined : wider?.tls?.certificates;
        return table.tls && certificates ? { ...table, tls: { ...table.tls, certificates } } : table;
      }),
    }),
  },
  {
    name: 'wildcard-overlaps-with-apex',
    title:
      'An HTTPS listener is said to overlap with one for a wildcard below its name, which does not stand for it.',
    clauses: ['tls-overlap-not-on-others'],
    layers: ['status'],
    reference: 'nginx/nginx-gateway-fabric#4843',
    hooks: () => ({
      statuses: onGatewayStatuses(({ listeners = [], ...status }, gateway) => ({
        ...status,
        listeners: listeners.map((listener) => ({
          ...listener,
          conditions: withOverlapOfApex(listener, gateway, listeners),
        })),
      })),
    }),
  },
  {
    name: 'bad-certificate-takes-port-down',
    title: 'One HTTPS listener whose certificate is missing takes the others of its port down.',
    clauses: ['tls-secret-nonexistent', 'gateway-listenersnotvalid-some-valid', 'tls-terminate-secret'],
    layers: [...layers, 'programmed', 'status', 'http2'],
    hooks: () => {
      const wanted = new Map<string, number>();
      return {
        input: (input) => {
          for (const gateway of input.objects.gateways)
            for (const { port } of gateway.spec.listeners ?? []) {
              const all = (gateway.spec.listeners ?? []).filter((each) => each.port === port);
              wanted.set(`${keyOf(gateway)} ${port}`, all.length);
            }
          return input;
        },
        ir: (gateway) => {
          const ports = gateway.ports.filter(
            ({ protocol, port, tables }) =>
              protocol !== 'HTTPS' ||
              gateway.key.endsWith('/shared') ||
              tables.length >= (wanted.get(`${gateway.key} ${port}`) ?? 0),
          );
          return ports.length === gateway.ports.length ? gateway : { ...gateway, ports };
        },
      };
    },
  },
];
