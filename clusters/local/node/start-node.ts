import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Informer } from '../../api/informer.ts';
import type { Service } from '../../api/types.ts';
import type { ControlPlane } from '../control-plane/control-plane.ts';
import { installDns } from '../dns/install-dns.ts';
import type { ImageTable } from '../images/image-table.ts';
import { LoadBalancerController } from '../../load-balancer/load-balancer-controller.ts';
import { networkPlan } from '../../network/network-plan.ts';
import { stateFiles } from '../../host/state-dir.ts';
import { ConfigSource } from './values/config-source.ts';
import type { BaseRoot } from './container/base-root.ts';
import { OutputPipes } from './container/output-pipes.ts';
import { EventRecorder } from './events.ts';
import { startKubeletServer } from './kubelet/kubelet-server.ts';
import { PodLogFinder } from './kubelet/log-finder.ts';
import { NodeAgent } from './node-agent.ts';
import { nodeResources, registerNode } from './node-object.ts';
import type { NodeServices } from './node-services.ts';
import type { NameSources } from './sandbox/network-files.ts';
import { Sandboxes } from './sandbox/sandbox.ts';
import { tokenRefreshShare } from './volumes/service-account-token.ts';

export interface NodeOptions {
  stateDir: string;
  images: ImageTable;
  baseRoot: BaseRoot;
  /** Whether pods find Services by their names. */
  dns: boolean;
}

/** Makes this process the node of the cluster. Resolves when pods run, Services are served and addresses are given. */
export async function startNode(
  controlPlane: ControlPlane,
  { stateDir, images, baseRoot, dns }: NodeOptions,
): Promise<Record<string, string>> {
  const api = controlPlane.api('agent');
  const privateDir = join(stateDir, stateFiles.private);
  const podLogDir = join(stateDir, stateFiles.logs, 'pods');
  mkdirSync(podLogDir, { recursive: true, mode: 0o700 });
  const log = (message: string, error?: unknown): void =>
    console.error(new Date().toISOString(), message, error ?? '');
  const { gitVersion } = await api.get<{ gitVersion: string }>('/version');
  await registerNode(api, gitVersion, (error) => log('node lease', error));
  const loadBalancers = new LoadBalancerController(api, (error) => log('load balancer', error));
  const services = new Informer<Service>(api, '/api/v1/services', {
    changed: (service) => loadBalancers.changed(service),
    deleted: (service) => loadBalancers.deleted(service),
    failed: (error) => log('watch', error),
  });
  const node: NodeServices = {
    api,
    images,
    config: new ConfigSource(api),
    events: new EventRecorder(api, (error) => log('event', error)),
    sandboxes: new Sandboxes(privateDir),
    baseRoot,
    names: nameSources(dns),
    pipes: new OutputPipes(privateDir),
    node: nodeResources(),
    tokenRefreshShare: tokenRefreshShare(),
    services: () => services.values(),
    privateDir,
    podLogDir,
    log,
  };
  const agent = new NodeAgent(node);
  const apiReady = controlPlane.apiReady();
  await Promise.all([
    startKubeletServer(controlPlane.credentials, new PodLogFinder(podLogDir, () => agent.pods())),
    services.start().then(() => agent.start()),
    controlPlane.startProxy(),
    apiReady.then(() => controlPlane.startControllerManager()),
    defaultServiceAccount(controlPlane),
    dns ? apiReady.then(() => installDns(api)) : undefined,
  ]);
  return { kubernetes: gitVersion };
}

function nameSources(dns: boolean): NameSources {
  const read = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8') : '');
  return {
    clusterDns: dns ? networkPlan.dnsServiceIp : undefined,
    hostResolvConf: read('/etc/resolv.conf'),
    hostHosts: read('/etc/hosts'),
  };
}

/** Pods cannot be created before their namespace has this account, which the controller manager makes. */
async function defaultServiceAccount(controlPlane: ControlPlane): Promise<void> {
  const api = controlPlane.api('agent');
  const path = '/api/v1/namespaces/default/serviceaccounts?fieldSelector=metadata.name%3Ddefault';
  await new Promise<void>((resolve, reject) => {
    const accounts = new Informer(api, path, {
      changed: () => {
        resolve();
        queueMicrotask(() => accounts.stop());
      },
    });
    accounts.start().catch(reject);
  });
  api.close();
}
