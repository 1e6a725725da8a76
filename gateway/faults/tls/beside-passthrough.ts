import { keyOf } from '../../../common/object-key.ts';
import type { IrGateway } from '../../ir/ir.ts';
import type { ProxyState } from '../../translate/model/types.ts';
import type { Fault } from '../fault.ts';

/** HTTPS listeners whose port a listener shares that leaves TLS alone. */
export const besidePassthrough: readonly Fault[] = [
  {
    name: 'passthrough-listener-darkens-its-port',
    title:
      'A passthrough listener that comes to a port of HTTPS listeners ends them all, and they go on saying that they are served.',
    clauses: ['gateway-listener-added', 'tls-terminate-secret'],
    layers: ['connect', 'tls'],
    reference: 'cilium/cilium#48269',
    hooks: () => {
      let dark = new Map<string, Set<number>>();
      /** Of its tables all are told to be served. */
      const told = (key: string, { served, ...proxy }: ProxyState): ProxyState =>
        served === undefined || (dark.get(key)?.size ?? 0) > 0 ? proxy : { ...proxy, served };
      return {
        input: (input) => {
          dark = new Map(
            input.objects.gateways.map((gateway) => [
              keyOf(gateway),
              new Set(
                (gateway.spec.listeners ?? []).flatMap(({ port, tls }) =>
                  tls?.mode === 'Passthrough' ? port : [],
                ),
              ),
            ]),
          );
          return {
            ...input,
            proxies: new Map([...input.proxies].map(([key, proxy]) => [key, told(key, proxy)])),
          };
        },
        ir: (gateway: IrGateway) => {
          const ports = gateway.ports.filter(
            ({ port, protocol }) => protocol !== 'HTTPS' || dark.get(gateway.key)?.has(port) !== true,
          );
          return ports.length === gateway.ports.length ? gateway : { ...gateway, ports };
        },
      };
    },
  },
];
