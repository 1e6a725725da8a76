import type { IrGateway } from '../../ir/ir.ts';
import type { Fault } from '../fault.ts';
import { onForwards, onTables } from '../hooks/ir.ts';
import { mapSame } from '../hooks/memo.ts';
import { onRules } from '../hooks/objects.ts';
import { onTrailers } from '../hooks/lua.ts';

/** Filters that are right alone, and not beside another of their kind. */
export const filterPairs: readonly Fault[] = [
  {
    name: 'mirrors-of-a-rule-share-a-part',
    title: 'All mirrors of a rule copy the part of its calls that the first one asks for.',
    clauses: ['filter-mirror-repeatable', 'filter-mirror-percent'],
    layers: ['routed', 'backend'],
    hooks: () => ({
      input: onRules((rule) => {
        const [first] = (rule.filters ?? []).flatMap(({ requestMirror }) => requestMirror ?? []);
        if (first === undefined) return rule;
        const { percent, fraction } = first;
        const part = { ...(percent !== undefined && { percent }), ...(fraction && { fraction }) };
        const filters = mapSame(rule.filters ?? [], (filter) =>
          filter.requestMirror === undefined
            ? filter
            : {
                ...filter,
                requestMirror: { backendRef: filter.requestMirror.backendRef, ...part },
              },
        );
        return { ...rule, filters };
      }),
    }),
  },
  {
    name: 'filters-of-repeated-service-shared',
    title:
      'A Service that a rule names twice, with filters of their own, gets those of the first entry for both.',
    clauses: ['filter-backend-level-only-there', 'filter-backend-level-unsupported-visible'],
    layers: ['routed', 'backend'],
    hooks: () => ({
      ir: onForwards((action) => ({
        ...action,
        backends: action.backends.map((backend) => {
          const first = action.backends.find(({ cluster }) => cluster === backend.cluster) ?? backend;
          const { requestHeaders: _request, responseHeaders: _response, ...rest } = backend;
          return {
            ...rest,
            ...(first.requestHeaders && { requestHeaders: first.requestHeaders }),
            ...(first.responseHeaders && { responseHeaders: first.responseHeaders }),
          };
        }),
      })),
    }),
  },
  {
    name: 'trailers-edited-with-headers',
    title: 'What a filter removes from the headers of an answer goes from its trailers as well.',
    clauses: ['backend-trailers-delivered', 'filter-response-header-remove'],
    layers: ['routed', 'trailers', 'backend'],
    hooks: () => onTrailers('t:remove("x-remove")'),
  },
];

/** HTTPS listeners that are right alone on their port. */
export const listenerPairs: readonly Fault[] = [
  {
    name: 'client-certificates-for-first-listener-of-port',
    title: 'Of the HTTPS listeners of a port only the first asks clients for their certificate.',
    clauses: ['tls-frontend-default-all-https', 'tls-frontend-no-client-cert-rejected'],
    layers: ['tls', 'connect'],
    hooks: () => ({
      ir: onTables((table, port) => {
        if (table.tls?.clientValidation === undefined || port.tables[0]?.id === table.id) return table;
        const { clientValidation: _validation, ...tls } = table.tls;
        return { ...table, tls };
      }),
    }),
  },
];

/** Policies and client certificates that are right alone. */
export const policyPairs: readonly Fault[] = [
  {
    name: 'policy-of-first-backend-for-all',
    title:
      'Of a rule with several backends under policies, what the first policy says holds for all of them.',
    clauses: ['btls-sni-is-hostname', 'btls-union-with-grpcroute'],
    layers: ['backend', 'routed'],
    hooks: () => {
      const edit = (ir: IrGateway): IrGateway => {
        const firstOf = new Map<string, string>();
        for (const { tables } of ir.ports)
          for (const { hosts } of tables)
            for (const { routes } of hosts)
              for (const { action } of routes) {
                if (action.type !== 'forward') continue;
                const secure = action.backends.flatMap(({ cluster }) =>
                  cluster?.includes('/tls-') === true ? cluster : [],
                );
                const [first] = secure;
                for (const each of secure.slice(1))
                  if (first !== undefined && each !== first) firstOf.set(each, first);
              }
        if (firstOf.size === 0) return ir;
        const clusters = mapSame(ir.clusters, (cluster) => {
          const first = ir.clusters.find(({ name }) => name === firstOf.get(cluster.name));
          return first?.tls === undefined ? cluster : { ...cluster, tls: first.tls };
        });
        return { ...ir, clusters };
      };
      return { ir: edit };
    },
  },
  {
    name: 'client-certificate-of-other-gateway',
    title: 'A backend is shown the client certificate of one Gateway by every other Gateway too.',
    clauses: ['tls-backend-client-cert-presented'],
    layers: ['backend', 'tls'],
    hooks: () => {
      let known: IrGateway['backendClientCertificate'];
      return {
        ir: (ir) => {
          known = ir.backendClientCertificate ?? known;
          return known === undefined || ir.backendClientCertificate !== undefined
            ? ir
            : { ...ir, backendClientCertificate: known };
        },
      };
    },
  },
];
