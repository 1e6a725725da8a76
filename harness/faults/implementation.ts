import { join } from 'node:path';
import { projectRoot, suitesDir } from '../../common/tools.ts';
import { readManifests } from '../manifests/manifest-dir.ts';
import { applySharedGateway } from '../base/base.ts';
import { classAccepted, sharedGatewayReady } from '../base/ready.ts';
import type { KubeClient } from '../kube/client.ts';
import type { GatewayClass, KubeObject } from '../kube/objects.ts';
import { isNotFound } from '../kube/refusal.ts';
import { listenersOf } from '../profiles/profile.ts';
import type { EchoPod } from '../rpc/ledger.ts';
import { installationOf, type Installation } from './installation.ts';
import type { Lab } from './lab.ts';

const writtenNamespace = 'routeproof-system';

/** The controller that stands in for the one of the manifests. */
export interface Planted {
  image: string;
  env: { name: string; value: string }[];
}

/** The image with faults, with that one of them. */
export function plantedFault(fault: string): Planted {
  return { image: 'docker.io/routeproof/gateway-faults:dev', env: [{ name: 'FAULT', value: fault }] };
}

/**
 * Installs the gateway with that fault beside others: gateway/deploy/*.yaml under names of its own, with a shared Gateway of its own.
 *
 * @returns its accepted class
 * @throws RouteproofError GATEWAYCLASS_NOT_ACCEPTED, GATEWAY_NO_ADDRESS
 */
export async function installFault(
  lab: Lab,
  fault: string,
  planted = plantedFault(fault),
): Promise<GatewayClass> {
  const { kube } = lab;
  const to = installationOf(fault);
  for (const object of await deployManifests()) await kube.apply(moved(object, to, planted));
  await Promise.all([
    applySharedGateway(kube, join(suitesDir, 'base'), { ...to, ...listenersOf(lab.rules.profile) }),
    ...lab.echoPods.map((pod) => applyEcho(kube, pod, to.namespace)),
  ]);
  const [accepted] = await Promise.all([
    classAccepted(to.gatewayClass, lab.ready(lab.limits.installMs)),
    sharedGatewayReady(lab.ready(lab.limits.baseMs), to.namespace),
  ]);
  return accepted;
}

/** Takes everything away that uses CPU or is cluster-wide; with `namespace` the rest as well. Does not wait for the end of it. */
export async function removeFault(
  kube: KubeClient,
  fault: string,
  options: { namespace: boolean },
): Promise<void> {
  const to = installationOf(fault);
  const remove = async (kind: string, name: string, namespace?: string): Promise<boolean> =>
    kube.delete(await kube.kindInfo(kind), namespace, name);
  await remove('Gateway', 'shared', to.namespace);
  const objects = await deployManifests();
  const doomed = objects
    .map((object) => moved(object, to))
    .filter(({ kind }) => ['Deployment', 'GatewayClass', 'ClusterRoleBinding'].includes(kind ?? ''));
  await Promise.all([
    ...doomed.map(({ kind = '', metadata }) => remove(kind, metadata?.name ?? '', metadata?.namespace)),
    ...(options.namespace ? [remove('Namespace', to.namespace)] : []),
  ]);
  await letGo(kube, to.gatewayClass);
}

/** A class stays for its finalizers when the controller that would take them away went first. */
async function letGo(kube: KubeClient, gatewayClass: string): Promise<void> {
  const path = `/apis/gateway.networking.k8s.io/v1/gatewayclasses/${gatewayClass}`;
  try {
    await kube.send('PATCH', path, {
      body: { metadata: { finalizers: null } },
      contentType: 'application/merge-patch+json',
    });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

let manifests: Promise<KubeObject[]> | undefined;

function deployManifests(): Promise<KubeObject[]> {
  manifests ??= Promise.all(
    ['gateway/deploy', 'gateway/faults/deploy'].map((dir) => readManifests(join(projectRoot, dir))),
  ).then((lists) => lists.flat());
  return manifests;
}

interface Deployment extends KubeObject {
  spec: { template: { spec: { containers: { image: string; env?: { name: string; value: string }[] }[] } } };
}

/** The object under the installation's names. The ClusterRole is the same for all. */
export function moved(written: KubeObject, to: Installation, planted?: Planted): KubeObject {
  const object = structuredClone(written);
  const metadata = (object.metadata ??= {});
  if (metadata.namespace === writtenNamespace) metadata.namespace = to.namespace;
  for (const subject of (object as { subjects?: { namespace?: string }[] }).subjects ?? [])
    if (subject.namespace === writtenNamespace) subject.namespace = to.namespace;
  if (object.kind === 'Namespace') metadata.name = to.namespace;
  if (object.kind === 'ClusterRoleBinding') metadata.name = `${to.namespace}-${metadata.name ?? ''}`;
  if (object.kind === 'GatewayClass') {
    metadata.name = to.gatewayClass;
    object.spec = { controllerName: to.controllerName };
  }
  if (object.kind === 'Deployment') {
    const [container] = (object as Deployment).spec.template.spec.containers;
    if (container !== undefined && planted !== undefined) {
      container.image = planted.image;
      container.env = [
        ...(container.env ?? []),
        { name: 'CONTROLLER_NAME', value: to.controllerName },
        ...planted.env,
      ];
    }
  }
  return object;
}

/** A Service of the name that an echo server of the base has, for its pod. */
async function applyEcho(kube: KubeClient, pod: EchoPod, namespace: string): Promise<void> {
  const name = pod.deployment;
  const port = { name: 'grpc', port: pod.port, appProtocol: 'kubernetes.io/h2c' };
  await kube.apply<KubeObject>({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace },
    spec: { ports: [{ ...port, targetPort: pod.port }] },
  });
  const slice = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name, namespace, labels: { 'kubernetes.io/service-name': name } },
    addressType: pod.address.includes(':') ? 'IPv6' : 'IPv4',
    endpoints: [{ addresses: [pod.address], conditions: { ready: true } }],
    ports: [port],
  };
  await kube.apply<KubeObject>(slice);
}
