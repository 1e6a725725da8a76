import type { Gateway, Listener } from '../../translate/model/gateway-api.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { besideFirst } from '../hooks/first-seen.ts';
import { listOf, onResources } from '../hooks/xds.ts';

/** Edits each listener beside what it was at first. */
function besideFirstListeners(edit: (now: Listener, first: Listener) => Listener): FaultHooks {
  return besideFirst('gateways', (gateway, first) => {
    const listeners = (gateway.spec.listeners ?? []).map((listener) => {
      const before = first.spec.listeners?.find(({ name }) => name === listener.name);
      return before === undefined ? listener : edit(listener, before);
    });
    return { ...gateway, spec: { ...gateway.spec, listeners } };
  });
}

const isHttp = ({ protocol }: Listener): boolean => protocol === 'HTTP' || protocol === 'HTTPS';

/** Ports that once spoke HTTP go on taking plain connections when they are to be encrypted. */
function alsoInTheClear() {
  const wasPlain = new Set<string>();
  return onResources('lds', (listener) => {
    const name = String(listener['name']);
    const chains = listOf(listener['filter_chains']);
    const encrypted = chains.find((chain) => chain['transport_socket'] !== undefined);
    if (encrypted === undefined) wasPlain.add(name);
    if (encrypted === undefined || !wasPlain.has(name)) return;
    const { transport_socket: _socket, ...plain } = encrypted;
    const filter_chain_match = { transport_protocol: 'raw_buffer' };
    chains.push({ ...plain, name: `${String(plain['name'])}/plain`, filter_chain_match });
  });
}

const layers: Fault['layers'] = ['routed', 'backend'];

/** Listeners whose protocol, kinds, namespaces or place are edited. */
export const listenerEdits: readonly Fault[] = [
  {
    name: 'listener-protocol-edit-unnoticed',
    title: 'A listener that is edited from HTTP to HTTPS, or back, goes on with the protocol that it had.',
    clauses: ['grpcroute-https-h2-alpn', 'tls-terminate-secret', 'grpcroute-http-h2c-prior-knowledge'],
    layers: ['tls', 'connect', 'http2', 'routed', 'status'],
    hooks: () =>
      besideFirstListeners((now, first) => {
        const { tls: _tls, ...rest } = now;
        return isHttp(now) && isHttp(first) && now.protocol !== first.protocol
          ? { ...rest, protocol: first.protocol, ...(first.tls && { tls: first.tls }) }
          : now;
      }),
  },
  {
    name: 'plaintext-goes-on-beside-tls',
    title: 'A port that goes over from HTTP to HTTPS serves over TLS, and in the clear as before.',
    clauses: ['tls-terminate-secret', 'grpcroute-https-h2-alpn'],
    layers: ['tls', 'connect', 'http2', 'routed'],
    hooks: () => {
      const gateways = new Map<string, ReturnType<typeof alsoInTheClear>>();
      return {
        xds: (resource, key) => {
          const edit = gateways.get(key) ?? alsoInTheClear();
          gateways.set(key, edit);
          return edit(resource);
        },
      };
    },
  },
  {
    name: 'allowed-kinds-edit-unnoticed',
    title: 'A listener whose allowed kinds are edited goes on admitting those that it did.',
    clauses: [
      'status-follows-gateway-change',
      'parentref-kind-not-allowed',
      'listener-supportedkinds-restricted',
    ],
    layers: [...layers, 'status'],
    hooks: () =>
      besideFirstListeners((now, first) => {
        const { kinds: _kinds, ...allowedRoutes } = now.allowedRoutes ?? {};
        const { kinds } = first.allowedRoutes ?? {};
        return { ...now, allowedRoutes: { ...allowedRoutes, ...(kinds && { kinds }) } };
      }),
  },
  {
    name: 'selector-edit-unnoticed',
    title: 'A listener that is edited to select other namespaces goes on admitting those that it selected.',
    clauses: [
      'listener-namespaces-selector',
      'listener-namespaces-selector-live',
      'status-follows-gateway-change',
    ],
    layers: [...layers, 'status'],
    hooks: () =>
      besideFirstListeners((now, first) => {
        const { namespaces } = now.allowedRoutes ?? {};
        const { from, selector } = first.allowedRoutes?.namespaces ?? {};
        return namespaces?.from === 'Selector' && from === 'Selector' && selector !== undefined
          ? { ...now, allowedRoutes: { ...now.allowedRoutes, namespaces: { ...namespaces, selector } } }
          : now;
      }),
  },
  {
    name: 'listeners-keep-their-place',
    title:
      'Where a listener is put in front of others, each goes by the name of the one that was at its place.',
    clauses: [
      'gateway-listener-added',
      'parentref-sectionname-selects-listener',
      'listener-status-entry-per-listener',
    ],
    layers: [...layers, 'status', 'tls', 'connect'],
    hooks: () =>
      besideFirst('gateways', (gateway, first): Gateway => {
        const now = gateway.spec.listeners ?? [];
        const before = (first.spec.listeners ?? []).map(({ name }) => name);
        const isMoved = now.length > before.length && now[0]?.name !== before[0];
        if (!isMoved || before.some((name) => now.every((each) => each.name !== name))) return gateway;
        const names = [...before, ...now.map(({ name }) => name).filter((name) => !before.includes(name))];
        const listeners = now.map((each, index) => ({ ...each, name: names[index] ?? each.name }));
        return { ...gateway, spec: { ...gateway.spec, listeners } };
      }),
  },
];
