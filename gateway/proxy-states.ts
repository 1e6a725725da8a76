import { isDeepStrictEqual } from 'node:util';
import { objectKey } from '../common/object-key.ts';
import type { AdsServer } from './ads/ads-server.ts';
import type { Rejection } from './ads/rejection.ts';
import type { ReplicaReport } from './ads/replica-report.ts';
import { proxyName } from './dataplane/names.ts';
import type { ClusterState } from './provider/cluster-state.ts';
import type { ProxyState } from './translate/model/types.ts';

/** Proxies try again after half a second at most (dataplane/bootstrap.ts); a busy machine takes its time. */
export const reconnectMs = 10_000;

interface Sources {
  state: ClusterState;
  ads: AdsServer;
  /** Since when this replica writes statuses, as performance.now() says; undefined while another does. */
  leadsSince: () => number | undefined;
}

/** What is known of each Gateway's proxy: by its Service and Deployment, and by what it acknowledged. */
export class ProxyStates {
  readonly #sources: Sources;
  #known: ReadonlyMap<string, ProxyState> = new Map();

  constructor(sources: Sources) {
    this.#sources = sources;
  }

  /** By Gateway key. A state is the same object as long as it says the same, so that the translator need not look into it. */
  all(): ReadonlyMap<string, ProxyState> {
    const states = new Map<string, ProxyState>();
    for (const gateway of this.#sources.state.gateways.list()) {
      const { namespace = '', name } = gateway.metadata;
      const key = objectKey(namespace, name);
      const now = this.#now(key);
      const known = this.#known.get(key);
      states.set(key, known !== undefined && isDeepStrictEqual(known, now) ? known : now);
    }
    this.#known = states;
    return states;
  }

  /** Whether it says anything else than `all` did. Proxies acknowledge every change; only what a status says is worth a new translation. */
  hasChanged(gatewayKey: string): boolean {
    return !isDeepStrictEqual(this.#known.get(gatewayKey), this.#now(gatewayKey));
  }

  /** For the replica that leads. */
  report(gatewayKey: string): ReplicaReport {
    return this.#sources.ads.report(gatewayKey, (rejection) => this.#isCurrent(rejection));
  }

  #now(gatewayKey: string): ProxyState {
    const { state, ads } = this.#sources;
    const [namespace, name = ''] = gatewayKey.split('/');
    const { gatewayClassName = '' } = state.gateways.get(gatewayKey)?.spec ?? {};
    const proxyKey = objectKey(namespace, proxyName(name, gatewayClassName));
    const ingress = state.services.get(proxyKey)?.status?.loadBalancer?.ingress ?? [];
    const available = state.deployments.get(proxyKey)?.status?.availableReplicas ?? 0;
    const served = ads.served(gatewayKey);
    // What a proxy that has just come back serves is not known before it has acknowledged something.
    const ready = available > 0 && (served !== undefined || this.#wasProgrammed(gatewayKey));
    return {
      addresses: ingress.flatMap(({ ip, hostname }) => [
        ...(ip === undefined ? [] : [{ type: 'IPAddress', value: ip }]),
        ...(hostname === undefined ? [] : [{ type: 'Hostname', value: hostname }]),
      ]),
      ready,
      ...(served && { served }),
      ...(!ready && { message: notReadyMessage(available) }),
      rejected: ads.rejections(gatewayKey, (rejection) => this.#isCurrent(rejection)),
    };
  }

  /** After a restart, or with another leader, proxies need a moment to come back: until then, the status that the last one wrote holds. */
  #wasProgrammed(gatewayKey: string): boolean {
    const { state, leadsSince } = this.#sources;
    if (performance.now() - (leadsSince() ?? -Infinity) > reconnectMs) return false;
    const { metadata, status } = state.gateways.get(gatewayKey) ?? {};
    const programmed = status?.conditions?.find(({ type }) => type === 'Programmed');
    return programmed?.status === 'True' && programmed.observedGeneration === metadata?.generation;
  }

  #isCurrent({ source, generation }: Rejection): boolean {
    if (source === undefined) return true;
    const { grpcRoutes, httpRoutes } = this.#sources.state;
    const routes = source.kind === 'GRPCRoute' ? grpcRoutes : httpRoutes;
    return routes.get(source.key)?.metadata.generation === generation;
  }
}

function notReadyMessage(available: number): string {
  return available === 0
    ? 'The proxy Deployment has no available pod.'
    : 'No proxy has acknowledged its configuration yet.';
}
