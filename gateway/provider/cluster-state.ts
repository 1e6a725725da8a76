import type { Logger } from 'pino';
import type { ObjectKey } from '../../common/object-key.ts';
import type {
  BackendTlsPolicy,
  ConfigMap,
  Crd,
  EndpointSlice,
  Gateway,
  GatewayClass,
  GrpcRoute,
  HttpRoute,
  ListenerSet,
  Namespace,
  ReferenceGrant,
  Secret,
  Service,
} from '../translate/model/gateway-api.ts';
import type { Objects } from '../translate/model/types.ts';
import type { ApiClient } from './api-client.ts';
import { ObjectStore } from './object-store.ts';
import type { Change, KubeObject } from './object-store.ts';
import { Reflector } from './reflector.ts';

/** Marks what the controller makes for a Gateway. */
export const managedBy = { label: 'app.kubernetes.io/managed-by', value: 'routeproof' };

/** ConfigMaps that no policy names: the API server's own CA, which is in each namespace, and what the proxies start with. */
const notOfUse = `fieldSelector=metadata.name%21%3Dkube-root-ca.crt&labelSelector=${managedBy.label}%21%3D${managedBy.value}`;

/** ConfigMaps may be large, and hold much that is nobody's business here. */
function onlyCas(configMap: ConfigMap): void {
  const ca = configMap.data?.['ca.crt'];
  configMap.data = ca === undefined ? {} : { 'ca.crt': ca };
  delete (configMap as { binaryData?: unknown }).binaryData;
}

export interface ManagedService {
  spec?: { clusterIP?: string };
  status?: { loadBalancer?: { ingress?: { ip?: string; hostname?: string }[] } };
}

export interface Deployment extends KubeObject {
  spec?: { replicas?: number };
  status?: { availableReplicas?: number; readyReplicas?: number; observedGeneration?: number };
}

export interface ClusterListener {
  /** After each change of any object, often many times in one turn of the event loop. */
  changed: () => void;
  /** After a change that no proxy needs to hear of: a route's status. */
  routeStatusChanged: () => void;
  /** @param collection - `/api/v1/services` */
  deleted: (collection: string, key: ObjectKey) => void;
}

type Kube<T> = T & KubeObject;

interface WatchOptions<T> {
  selector?: string;
  /** Takes away what is of no use here. */
  trim?: (object: T) => void;
  /** Older releases of Gateway API do not have the kind. */
  optional?: true;
  /** Older releases of Gateway API serve the kind, with the same fields, in this version alone. */
  olderPath?: string;
  metadataOnly?: true;
  isRoute?: true;
}

/** What the gateway reads of the cluster, kept up to date by watches. */
export class ClusterState {
  readonly gatewayClasses: ObjectStore<Kube<GatewayClass>>;
  readonly gateways: ObjectStore<Kube<Gateway>>;
  readonly listenerSets: ObjectStore<Kube<ListenerSet>>;
  readonly grpcRoutes: ObjectStore<Kube<GrpcRoute>>;
  readonly httpRoutes: ObjectStore<Kube<HttpRoute>>;
  readonly referenceGrants: ObjectStore<Kube<ReferenceGrant>>;
  readonly services: ObjectStore<Kube<Service & ManagedService>>;
  readonly endpointSlices: ObjectStore<Kube<EndpointSlice>>;
  readonly secrets: ObjectStore<Kube<Secret>>;
  readonly namespaces: ObjectStore<Kube<Namespace>>;
  readonly backendTlsPolicies: ObjectStore<Kube<BackendTlsPolicy>>;
  readonly configMaps: ObjectStore<Kube<ConfigMap>>;
  readonly crds: ObjectStore<Kube<Crd>>;
  readonly deployments: ObjectStore<Deployment>;
  readonly #reflectors: { start: () => Promise<void>; stop: () => void }[] = [];

  constructor(client: ApiClient, log: Logger, listener: ClusterListener) {
    const watch = <T extends KubeObject>(
      path: string,
      { selector, trim, optional, olderPath, metadataOnly, isRoute }: WatchOptions<T> = {},
    ): ObjectStore<T> => {
      const changed = (what: Change): void => {
        if (isRoute === true && what === 'status') listener.routeStatusChanged();
        else listener.changed();
      };
      const deleted = (key: ObjectKey): void => listener.deleted(path, key);
      const store = new ObjectStore<T>({ changed, deleted, ...(trim && { trim }) });
      this.#reflectors.push(
        new Reflector({
          client,
          path,
          store,
          log,
          ...(selector !== undefined && { selector }),
          ...(optional && { optional }),
          ...(olderPath !== undefined && { olderPath }),
          ...(metadataOnly && { metadataOnly }),
        }),
      );
      return store;
    };
    const gatewayApi = '/apis/gateway.networking.k8s.io/v1';
    this.gatewayClasses = watch(`${gatewayApi}/gatewayclasses`);
    this.gateways = watch(`${gatewayApi}/gateways`);
    this.listenerSets = watch(`${gatewayApi}/listenersets`, { optional: true });
    this.grpcRoutes = watch(`${gatewayApi}/grpcroutes`, { isRoute: true });
    this.httpRoutes = watch(`${gatewayApi}/httproutes`, { isRoute: true });
    // v1 since Gateway API v1.5.
    this.referenceGrants = watch(`${gatewayApi}/referencegrants`, {
      olderPath: '/apis/gateway.networking.k8s.io/v1beta1/referencegrants',
    });
    this.services = watch('/api/v1/services');
    this.endpointSlices = watch('/apis/discovery.k8s.io/v1/endpointslices');
    // Certificates only: nothing else in a Secret is of use here.
    this.secrets = watch('/api/v1/secrets', { selector: 'fieldSelector=type%3Dkubernetes.io%2Ftls' });
    this.namespaces = watch('/api/v1/namespaces');
    this.backendTlsPolicies = watch(`${gatewayApi}/backendtlspolicies`, { optional: true });
    this.configMaps = watch('/api/v1/configmaps', { selector: notOfUse, trim: onlyCas });
    // 1.5 MB of schemas, of which nothing is of use here.
    this.crds = watch('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', { metadataOnly: true });
    this.deployments = watch('/apis/apps/v1/deployments', {
      selector: `labelSelector=${managedBy.label}%3D${managedBy.value}`,
    });
  }

  /** Resolves when every kind has been listed. */
  async start(): Promise<void> {
    await Promise.all(this.#reflectors.map((reflector) => reflector.start()));
  }

  stop(): void {
    for (const reflector of this.#reflectors) reflector.stop();
  }

  objects(): Objects {
    return {
      gatewayClasses: this.gatewayClasses.list(),
      gateways: this.gateways.list(),
      listenerSets: this.listenerSets.list(),
      grpcRoutes: this.grpcRoutes.list(),
      httpRoutes: this.httpRoutes.list(),
      referenceGrants: this.referenceGrants.list(),
      services: this.services.list(),
      endpointSlices: this.endpointSlices.list(),
      secrets: this.secrets.list(),
      namespaces: this.namespaces.list(),
      backendTlsPolicies: this.backendTlsPolicies.list(),
      configMaps: this.configMaps.list(),
      crds: this.crds.list(),
    };
  }
}
