import { objectKey } from '../../../common/object-key.ts';
import type { IrBackendTls, IrCluster } from '../../ir/ir.ts';
import type { BackendTlsPolicies, JudgedPolicy } from './backend-tls.ts';
import type { BackendObjectReference, ReferenceGrant, Service } from '../model/gateway-api.ts';
import { gatewayGroup } from '../model/kinds.ts';
import type { RouteKind } from '../model/kinds.ts';
import type { Problem } from '../model/problems.ts';

type ServicePort = NonNullable<NonNullable<Service['spec']>['ports']>[number];

/** A Service port that a route may send to. */
export interface BackendCluster {
  /** IrCluster.name. */
  name: string;
  protocol: IrCluster['protocol'];
  /** namespace/name. */
  serviceKey: string;
  /** Name of the Service port, which EndpointSlices use; '' when it has none. */
  portName: string;
  /** Told apart by `name`, which holds a digest of it. */
  tls?: IrBackendTls;
  /** Told apart by `name` as well. */
  leastBackoffSeconds?: number;
}

/** `portName`: of a Service port that exists and cannot be used. */
export type Resolution = { cluster: BackendCluster } | { problem: Problem; portName?: string };

/** Whether both resolve to the same Service port, or fail for the same reason. */
export function sameResolution(left: Resolution, right: Resolution): boolean {
  if ('problem' in left) {
    return (
      'problem' in right && left.problem.message === right.problem.message && left.portName === right.portName
    );
  }
  return (
    'cluster' in right &&
    left.cluster.name === right.cluster.name &&
    left.cluster.portName === right.cluster.portName
  );
}

export interface Referrer {
  group: string;
  kind: string;
  namespace: string;
}

/** The same as lists, to tell what has changed between two instances. */
export interface ReferenceLists {
  services: readonly Service[];
  grants: readonly ReferenceGrant[];
  policies: readonly JudgedPolicy[];
}

/**
 * Services, policies for them and grants; a new instance means that something in them has changed. The maps live on from one to
 * the next: only the last one is asked.
 */
export class References {
  readonly lists: ReferenceLists;
  /** Until v1.7.0 the backoff of a retry is the least that has to pass. */
  readonly backoffIsMinimum: boolean;
  readonly #services: ReadonlyMap<string, Service>;
  readonly #grants: ReadonlyMap<string, readonly ReferenceGrant[]>;
  readonly #policies: BackendTlsPolicies;

  constructor(
    services: ReadonlyMap<string, Service>,
    grants: ReadonlyMap<string, readonly ReferenceGrant[]>,
    policies: BackendTlsPolicies,
    lists: ReferenceLists,
    backoffIsMinimum = false,
  ) {
    this.lists = lists;
    this.backoffIsMinimum = backoffIsMinimum;
    this.#services = services;
    this.#grants = grants;
    this.#policies = policies;
  }

  /** Whether a ReferenceGrant in the target's namespace covers the reference; references within a namespace need none. */
  permits(from: Referrer, to: { group: string; kind: string; namespace: string; name: string }): boolean {
    if (from.namespace === to.namespace) return true;
    return (this.#grants.get(to.namespace) ?? []).some(
      (grant) =>
        grant.spec.from.some(
          (entry) =>
            entry.group === from.group && entry.kind === from.kind && entry.namespace === from.namespace,
        ) &&
        grant.spec.to.some(
          (entry) =>
            entry.group === to.group &&
            entry.kind === to.kind &&
            (entry.name === undefined || entry.name === '' || entry.name === to.name),
        ),
    );
  }

  /**
   * Follows a backendRef of a route. The grant is checked before the Service is looked at, so that the answer to a
   * forbidden reference does not tell whether the object exists.
   */
  backend(kind: RouteKind, routeNamespace: string, ref: BackendObjectReference): Resolution {
    const group = ref.group ?? '';
    const refKind = ref.kind ?? 'Service';
    const namespace = ref.namespace ?? routeNamespace;
    const key = objectKey(namespace, ref.name);
    if (group !== '' || refKind !== 'Service') {
      return failed('InvalidKind', `kind ${refKind} of group "${group}" is not supported as a backend`);
    }
    const from = { group: gatewayGroup, kind, namespace: routeNamespace };
    if (!this.permits(from, { group, kind: refKind, namespace, name: ref.name })) {
      const missing = `no ReferenceGrant in namespace ${namespace} lets ${kind} of namespace ${routeNamespace} refer to it`;
      return failed('RefNotPermitted', `Service ${key}: ${missing}`);
    }
    const service = this.#services.get(key);
    if (service === undefined) return failed('BackendNotFound', `Service ${key} does not exist`);
    if (service.spec?.type === 'ExternalName') {
      return failed(
        'InvalidKind',
        `Service ${key} is of type ExternalName, which is not supported as a backend`,
      );
    }
    return this.#servicePort(service, key, kind, ref.port);
  }

  #servicePort(service: Service, key: string, kind: RouteKind, number: number | undefined): Resolution {
    if (number === undefined) return failed('BackendNotFound', `Service ${key}: the reference has no port`);
    const ports = (service.spec?.ports ?? []).filter((port) => port.port === number);
    if (ports.length === 0) return failed('BackendNotFound', `Service ${key} has no port ${number}`);
    // One number may serve TCP and UDP; routes of both kinds need TCP.
    const port = ports.find((candidate) => (candidate.protocol ?? 'TCP') === 'TCP');
    if (port === undefined) {
      const message = `Service ${key} port ${number} does not speak TCP`;
      return failed('UnsupportedProtocol', message, ports[0]?.name);
    }
    const portName = port.name ?? '';
    const policy = this.#policies.on(key, portName);
    if (policy !== undefined && policy.tls === undefined) {
      // BackendRef: a policy that cannot be met makes the backend invalid. There is no reason of the API for it.
      const message = `Service ${key} port ${number}: BackendTLSPolicy ${policy.key} cannot be met: ${policy.unmet ?? ''}`;
      return failed('InvalidBackendTLSPolicy', message, portName);
    }
    const protocol = backendProtocol(kind, port, policy !== undefined);
    if (protocol === undefined) {
      const seen = `appProtocol ${port.appProtocol ?? ''}`;
      const message = `Service ${key} port ${number}: ${kind} cannot speak ${seen}`;
      return failed('UnsupportedProtocol', message, portName);
    }
    const backend = { protocol, serviceKey: key, portName };
    if (policy?.tls === undefined) return { cluster: { name: `${key}/${number}/${protocol}`, ...backend } };
    const { digest, settings } = policy.tls;
    const version = protocol === 'h2c' ? 'h2' : protocol;
    return { cluster: { name: `${key}/${number}/${version}/tls-${digest}`, ...backend, tls: settings } };
  }
}

/**
 * How to speak to the port. gRPC needs HTTP/2, so a GRPCRoute speaks it wherever the port does not forbid it. A port that
 * declares TLS needs a BackendTLSPolicy, which says whom to trust; one that declares plaintext is encrypted all the same
 * where a policy says so. Names without a domain are those of IANA and of common use.
 */
function backendProtocol(
  kind: RouteKind,
  port: ServicePort,
  withTls: boolean,
): IrCluster['protocol'] | undefined {
  switch (port.appProtocol?.toLowerCase()) {
    case undefined:
    case '':
    case 'http':
    case 'tcp':
      return kind === 'GRPCRoute' ? 'h2c' : 'http1';
    case 'https':
    case 'tls':
      if (!withTls) return undefined;
      return kind === 'GRPCRoute' ? 'h2c' : 'http1';
    case 'kubernetes.io/ws':
      return kind === 'HTTPRoute' ? 'http1' : undefined;
    case 'kubernetes.io/wss':
      return kind === 'HTTPRoute' && withTls ? 'http1' : undefined;
    case 'kubernetes.io/h2c':
    case 'h2c':
    case 'http2':
    case 'grpc':
      return 'h2c';
    case 'grpcs':
      return withTls ? 'h2c' : undefined;
    default:
      return undefined;
  }
}

function failed(reason: string, message: string, portName?: string): Resolution {
  return { problem: { reason, message }, ...(portName !== undefined && { portName }) };
}
