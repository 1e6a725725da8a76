import { connect } from 'node:net';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../../common/errors.ts';
import { ApiClient } from '../../api/api-client.ts';
import { networkPlan } from '../../network/network-plan.ts';
import { stateFiles } from '../../host/state-dir.ts';
import { Component } from './component.ts';
import {
  apiServerArguments,
  controllerManagerArguments,
  etcdArguments,
  proxyConfiguration,
} from './component-arguments.ts';
import { makeCredentials, writeCredentials } from './credentials.ts';
import type { CredentialFiles, Credentials, TokenUser } from './credentials.ts';
import { writeNftInParts } from './nft-in-parts.ts';
import { writeKubeconfig } from './kubeconfig.ts';

/** How a component ends that somebody has ended: by SIGTERM, when it has done what it had begun, or at once. */
const endedByOthers = ['exit code 0', 'SIGKILL'];

/** Somebody who ends it again and again is a machine without memory. */
const mostRestarts = 20;

export interface ControlPlaneOptions {
  name: string;
  stateDir: string;
  progress(line: string): void;
  /** Called when administrators can write, and their kubeconfig is there. */
  answers(): void;
  /** Called when a component ends after it was ready. */
  lost(component: Component, how: string): void;
}

/** The real components of one cluster, in the order in which they need each other. */
export class ControlPlane {
  readonly #options: ControlPlaneOptions;
  readonly #logDir: string;
  readonly #dir: string;
  readonly #components: Component[] = [];
  #credentials: Credentials | undefined;
  #files: CredentialFiles | undefined;
  #probe: ApiClient | undefined;
  #restarts = 0;

  constructor(options: ControlPlaneOptions) {
    this.#options = options;
    this.#logDir = join(options.stateDir, stateFiles.logs);
    this.#dir = join(options.stateDir, stateFiles.private, 'control-plane');
    mkdirSync(this.#dir, { recursive: true, mode: 0o700 });
  }

  get credentials(): Credentials {
    if (this.#credentials === undefined) throw new Error('the control plane was not started');
    return this.#credentials;
  }

  /** Starts etcd and the API server; resolves when the API answers administrators, a second or two before it is ready. */
  async startApi(): Promise<void> {
    const etcd = this.#run('etcd', etcdArguments(join(this.#dir, 'etcd')));
    this.#credentials = await makeCredentials();
    this.#files = writeCredentials(this.#dir, this.#credentials);
    await etcd.ready(() => accepts('127.0.0.1', 2379));
    this.#options.progress('etcd is ready');
    const apiServer = this.#runApiServer();
    await apiServer.ready(() => accepts('127.0.0.1', networkPlan.apiPort));
    await apiServer.ready(() => this.#answers('/version'));
    this.#writeKubeconfig('admin', join(this.#options.stateDir, stateFiles.kubeconfig));
    this.#options.progress('API server answers');
    this.#options.answers();
  }

  /** Resolves when the API server says that it is ready: with its RBAC roles and the Service default/kubernetes. */
  async apiReady(): Promise<void> {
    await this.#component('kube-apiserver').ready(() => this.#answers('/readyz'));
    this.#options.progress('API server is ready');
  }

  /** Before the API server is ready, the controller manager would sleep for whole seconds between two looks at it. */
  startControllerManager(): void {
    if (this.#files === undefined) throw new Error('the API server was not started');
    const kubeconfig = this.#writeKubeconfig('controllerManager');
    this.#run('kube-controller-manager', controllerManagerArguments(this.#files, kubeconfig));
  }

  /** Starts kube-proxy, which wants the Node object to be there; resolves when the API answers through its Service. */
  async startProxy(): Promise<void> {
    const config = join(this.#dir, 'kube-proxy.json');
    const kubeconfig = this.#writeKubeconfig('proxy');
    writeFileSync(config, JSON.stringify(proxyConfiguration(kubeconfig)), { mode: 0o600 });
    const proxy = this.#run('kube-proxy', [`--config=${config}`], [writeNftInParts(this.#dir)]);
    await proxy.ready(() => accepts(networkPlan.apiServiceIp, 443));
    this.#options.progress('Services are served');
  }

  /** From now on, a component that ends is reported. An API server that somebody ends comes again, as the kubelet of a real node has it. */
  watch(): void {
    for (const component of this.#components) this.#follow(component);
  }

  #follow(component: Component): void {
    const lost = (how: string): void => this.#options.lost(component, how);
    component.exited
      .then((how) => {
        const comesAgain = component.name === 'kube-apiserver' && endedByOthers.includes(how);
        if (!comesAgain || ++this.#restarts > mostRestarts) {
          lost(how);
          return;
        }
        console.error(`${component.name} ended (${how}) and is started again`);
        this.#follow(this.#runApiServer());
      })
      .catch((error: unknown) => lost(messageOf(error)));
  }

  api(user: TokenUser): ApiClient {
    const { ca, tokens } = this.credentials;
    return new ApiClient({ host: networkPlan.nodeIp, port: networkPlan.apiPort, ca, token: tokens[user] });
  }

  async #answers(path: string): Promise<boolean> {
    this.#probe ??= this.api('admin');
    const response = await this.#probe.stream(path);
    response.resume();
    return true;
  }

  #component(name: Component['name']): Component {
    const component = this.#components.findLast((other) => other.name === name);
    if (component === undefined) throw new Error(`${name} was not started`);
    return component;
  }

  #writeKubeconfig(user: TokenUser, path = join(this.#dir, `${user}.kubeconfig`)): string {
    const { ca, tokens } = this.credentials;
    return writeKubeconfig(path, { name: this.#options.name, ca, token: tokens[user] });
  }

  #runApiServer(): Component {
    if (this.#files === undefined) throw new Error('there are no credentials yet');
    return this.#run('kube-apiserver', apiServerArguments(this.#files, this.#dir));
  }

  #run(name: Component['name'], args: string[], binDirs: string[] = []): Component {
    const component = new Component(name, args, { logDir: this.#logDir, binDirs });
    this.#components.push(component);
    return component;
  }
}

/** Whether a TCP connection can be made. */
function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 1000 });
    const done = (result: boolean): void => {
      socket.destroy();
      resolve(result);
    };
    socket.once('connect', () => done(true));
    socket.once('timeout', () => done(false));
    socket.once('error', () => done(false));
  });
}
