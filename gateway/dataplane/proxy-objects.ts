import { hash } from 'node:crypto';
import type { IrGateway } from '../ir/ir.ts';
import { managedBy } from '../provider/cluster-state.ts';
import type { KubeObject } from '../provider/object-store.ts';
import type { Gateway } from '../translate/model/gateway-api.ts';
import { containerPorts, readyPort } from '../xds/container-port.ts';
import { bootstrap, clientSecret, clientSecretFile } from './bootstrap.ts';
import { drainScript } from './drain-script.ts';
import { controllerLabel, controllerValue, labelValue, proxyName } from './names.ts';
import type { KeyAndCertificate } from './pki.ts';

export interface ProxyObjectsInput {
  gateway: Gateway & KubeObject;
  /** Of the controller that makes them. */
  controllerName: string;
  ir: IrGateway;
  /** Of the controller's Service: an address, because proxies are to need no DNS. */
  xds: { address: string; port: number };
  client: KeyAndCertificate;
  /** PEM of the authority. */
  ca: string;
  image: string;
}

/** An object to apply, with the collection that it belongs to. */
export interface AppliedObject {
  /** `/api/v1/namespaces/NAMESPACE/services` */
  collection: string;
  object: {
    apiVersion: string;
    kind: string;
    metadata: { name: string; namespace: string; [key: string]: unknown };
  };
}

const gatewayNameLabel = 'gateway.networking.k8s.io/gateway-name';
const classNameLabel = 'gateway.networking.k8s.io/gateway-class-name';

const configDir = '/etc/envoy';
const tlsDir = '/etc/routeproof-xds';
const ready = { path: '/ready', port: readyPort };
const drain = { waitSeconds: 2, leastSeconds: 5, idleSeconds: 10, mostSeconds: 50, graceSeconds: 60 };

/** Everything that one Gateway's proxy is made of. The Deployment is last: it needs the others. */
export function proxyObjects(input: ProxyObjectsInput): AppliedObject[] {
  const config = configData(input);
  return [
    applied(input, 'api/v1', 'serviceaccounts', 'ServiceAccount', { automountServiceAccountToken: false }),
    applied(input, 'api/v1', 'configmaps', 'ConfigMap', { data: config }),
    applied(input, 'api/v1', 'secrets', 'Secret', {
      type: 'kubernetes.io/tls',
      data: {
        'tls.crt': base64(input.client.certificate),
        'tls.key': base64(input.client.privateKey),
        [clientSecretFile]: base64(clientSecret(input.client)),
      },
    }),
    applied(input, 'api/v1', 'services', 'Service', { spec: serviceSpec(input) }),
    applied(input, 'apis/apps/v1', 'deployments', 'Deployment', { spec: deploymentSpec(input, config) }),
  ];
}

function configData({ ir, xds, ca }: ProxyObjectsInput): Record<string, string> {
  return {
    'bootstrap.yaml': bootstrap({ nodeId: ir.key, xds, ca, tlsDir }),
    'drain.sh': drainScript(drain),
  };
}

function applied(
  { gateway, controllerName }: ProxyObjectsInput,
  groupVersion: string,
  plural: string,
  kind: string,
  body: object,
): AppliedObject {
  const { name, namespace = '', uid = '' } = gateway.metadata;
  const { labels = {}, annotations = {} } = gateway.spec.infrastructure ?? {};
  return {
    collection: `/${groupVersion}/namespaces/${namespace}/${plural}`,
    object: {
      apiVersion: groupVersion.replace(/^apis?\//, ''),
      kind,
      metadata: {
        name: proxyName(name, gateway.spec.gatewayClassName),
        namespace,
        labels: { ...labels, ...ownLabels(gateway), [controllerLabel]: controllerValue(controllerName) },
        ...(Object.keys(annotations).length > 0 && { annotations }),
        // Deleted with the Gateway. blockOwnerDeletion would need more rights on Gateways.
        ownerReferences: [
          { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'Gateway', name, uid, controller: true },
        ],
      },
      ...body,
    },
  };
}

/** With the class, so that a Gateway that moves between two classes of ours has two proxies that do not meet. */
function selector({ metadata, spec }: Gateway): Record<string, string> {
  return {
    [gatewayNameLabel]: labelValue(metadata.name),
    [classNameLabel]: labelValue(spec.gatewayClassName),
  };
}

function ownLabels(gateway: Gateway): Record<string, string> {
  return {
    [managedBy.label]: managedBy.value,
    'app.kubernetes.io/name': 'routeproof-proxy',
    ...selector(gateway),
  };
}

function serviceSpec({ gateway, ir }: ProxyObjectsInput): object {
  const targets = containerPorts(ir.ports.map(({ port }) => port));
  const ports = ir.ports.map(({ port }) => ({
    name: `port-${port}`,
    port,
    protocol: 'TCP',
    targetPort: targets.get(port),
  }));
  return {
    type: 'LoadBalancer',
    selector: selector(gateway),
    // A Service needs a port; without a listener nothing answers on this one.
    ports: ports.length > 0 ? ports : [{ name: 'none', port: 1, protocol: 'TCP', targetPort: 1 }],
  };
}

function deploymentSpec(input: ProxyObjectsInput, config: Record<string, string>): object {
  const { gateway } = input;
  const { labels = {}, annotations = {} } = gateway.spec.infrastructure ?? {};
  return {
    selector: { matchLabels: selector(gateway) },
    // The new proxy serves before the old one goes.
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    template: {
      metadata: {
        labels: { ...labels, ...ownLabels(gateway) },
        annotations: {
          ...annotations,
          // A changed bootstrap or authority replaces the pods; a renewed client certificate does not.
          'routeproof.dev/config': hash('sha256', JSON.stringify(config), 'hex').slice(0, 16),
        },
      },
      spec: podSpec(input),
    },
  };
}

function podSpec({ gateway, image }: ProxyObjectsInput): object {
  const name = proxyName(gateway.metadata.name, gateway.spec.gatewayClassName);
  return {
    serviceAccountName: name,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: drain.graceSeconds,
    securityContext: { runAsNonRoot: true, runAsUser: 65532, runAsGroup: 65532, fsGroup: 65532 },
    containers: [
      {
        name: 'envoy',
        image,
        args: [
          ...['-c', `${configDir}/bootstrap.yaml`, '--disable-hot-restart', '--log-level', 'warn'],
          // Log lines of failed calls are evidence soon after, not 10 s later.
          ...['--file-flush-interval-msec', '500'],
          // How long a connection of a removed listener may go on; calls on it are cut off after that.
          ...['--drain-time-s', '600', '--drain-strategy', 'immediate'],
        ],
        ports: [{ name: 'ready', containerPort: readyPort }],
        // Asked often until its first configuration has come, which may take as long as the controller is away; seldom after that.
        startupProbe: { httpGet: ready, periodSeconds: 1, failureThreshold: 3600 },
        // One late answer of a busy machine must not take the only proxy of a Gateway out of its Service: that refuses connections.
        readinessProbe: { httpGet: ready, periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 3 },
        lifecycle: { preStop: { exec: { command: ['bash', `${configDir}/drain.sh`] } } },
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
        volumeMounts: [
          { name: 'config', mountPath: configDir, readOnly: true },
          { name: 'xds-certificate', mountPath: tlsDir, readOnly: true },
        ],
      },
    ],
    volumes: [
      { name: 'config', configMap: { name } },
      { name: 'xds-certificate', secret: { secretName: name } },
    ],
  };
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
