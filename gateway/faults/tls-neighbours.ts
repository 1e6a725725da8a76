import { keyOf } from '../../common/object-key.ts';
import type { IrTable } from '../ir/ir.ts';
import { isWildcard } from '../translate/hostname.ts';
import type { Fault } from './fault.ts';
import { onTables } from './hooks/ir.ts';

const layers: Fault['layers'] = ['tls', 'connect', 'routed'];

const isOfWildcard = ({ tls }: IrTable): boolean => isWildcard(tls?.serverName ?? '');

/** Whether every name of a table is one of the other, too, and the other has more. */
const isWithin = (table: IrTable, other: IrTable): boolean =>
  isOfWildcard(other) &&
  other !== table &&
  (table.tls?.serverName ?? '').endsWith((other.tls?.serverName ?? '').slice(1)) &&
  table.tls?.serverName !== other.tls?.serverName;

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
