import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import { objectKey } from '../common/object-key.ts';
import { AdsServer } from './ads/ads-server.ts';
import { replicaIdentity } from './ads/replica-report.ts';
import { ReportSender } from './ads/report-sender.ts';
import { loadAuthority } from './dataplane/authority.ts';
import { controllerDnsName } from './dataplane/bootstrap.ts';
import { LeftoverFinder } from './dataplane/leftovers.ts';
import { issue } from './dataplane/pki.ts';
import type { KeyAndCertificate } from './dataplane/pki.ts';
import { Proxies } from './dataplane/proxies.ts';
import type { IrGateway } from './ir/ir.ts';
import { Pacer } from './pacer.ts';
import type { Pipeline } from './pipeline.ts';
import { ApiClient } from './provider/api-client.ts';
import type { ApiConfig } from './provider/api-client.ts';
import { ClassFinalizers } from './provider/class-finalizers.ts';
import { ClusterState } from './provider/cluster-state.ts';
import { LeaderElection } from './provider/leader-election.ts';
import { StatusWriter } from './provider/status-writer.ts';
import { ProxyStates, reconnectMs } from './proxy-states.ts';
import type { StatusUpdate } from './translate/model/types.ts';
import { snapshotOf } from './xds/to-xds.ts';
import { XdsDelta } from './xds/xds-delta.ts';

export interface ControllerOptions {
  pipeline: Pipeline;
  api: ApiConfig;
  controllerName: string;
  proxyImage: string;
  /** Of the controller's Service, through which proxies reach `xdsPort`. */
  serviceName: string;
  xdsPort: number;
  /** This one of the controller's pods, and where the others reach it. */
  pod: { name: string; address: string };
  log: Logger;
}

/** Of a replica of the controller; each start makes new ones. */
const certificateDays = 3650;
/** Renews client certificates and repairs what somebody changed. */
const resyncMs = 3600_000;
/**
 * A Gateway's attachedRoutes changes with each of its routes: of 330 such writes in a conformance run, at 5 ms of the API server's
 * CPU each, more than half had been overtaken by the time they arrived. Counts can wait longer than conditions.
 */
const statusRestMs = { any: 100, counts: 500 };

/**
 * Watches the cluster, programs proxies, writes statuses. Runs until `stop`. Of several replicas all program the proxies that connect
 * to them; the one that leads writes, and the others tell it what their proxies have.
 */
export class Controller {
  readonly #options: ControllerOptions;
  readonly #client: ApiClient;
  readonly #state: ClusterState;
  readonly #ads: AdsServer;
  readonly #proxies: Proxies;
  readonly #leftovers: LeftoverFinder;
  readonly #statuses: StatusWriter;
  readonly #classFinalizers: ClassFinalizers;
  readonly #election: LeaderElection;
  readonly #reports: ReportSender;
  /** Without an IR: it has no valid listener, or making its resources failed; the next time they are made from nothing. */
  readonly #programmed = new Map<string, { ir?: IrGateway; delta: XdsDelta }>();
  readonly #proxyStates: ProxyStates;
  readonly #pacer = new Pacer(() => this.#reconcileSafely());
  readonly #resync: NodeJS.Timeout;
  /** Since when this replica writes statuses; undefined while another does. */
  #leadsSince: number | undefined;

  private constructor(
    options: ControllerOptions,
    parts: {
      client: ApiClient;
      authority: Awaited<ReturnType<typeof loadAuthority>>;
      server: { certificate: string; privateKey: string };
    },
  ) {
    const { log, controllerName, serviceName, xdsPort, proxyImage: image } = options;
    const { client, authority, server } = parts;
    const dirty = (): void => this.#pacer.soon();
    this.#options = options;
    this.#leftovers = new LeftoverFinder(options.controllerName);
    this.#client = client;
    this.#state = new ClusterState(client, log, {
      changed: dirty,
      // Mostly by this controller: no proxy waits for it.
      routeStatusChanged: () => this.#pacer.later(),
      deleted: (collection, key) => this.#proxies.deleted(collection, key),
    });
    this.#ads = new AdsServer({
      log,
      tls: { ca: authority.certificate, ...server },
      proxyChanged: (gatewayKey) => this.#proxyChanged(gatewayKey),
      reportKeptMs: reconnectMs,
      ...(options.pipeline.forProxy && { edit: options.pipeline.forProxy }),
    });
    const state = this.#state;
    this.#proxyStates = new ProxyStates({ state, ads: this.#ads, leadsSince: () => this.#leadsSince });
    this.#proxies = new Proxies({
      client,
      state,
      authority,
      controllerName,
      serviceName,
      xdsPort,
      image,
      log,
      again: dirty,
      ...(options.pipeline.proxyObjects && { edit: options.pipeline.proxyObjects }),
    });
    this.#statuses = new StatusWriter({
      client,
      versionOf: (update) => this.#versionOf(update),
      failed: dirty,
      rest: (from) => pause(statusRestMs[from], undefined, { ref: false }),
      log,
    });
    const { classFinalizers: edit } = options.pipeline;
    this.#classFinalizers = new ClassFinalizers({
      client,
      controllerName,
      failed: dirty,
      log,
      ...(edit && { edit }),
    });
    this.#election = new LeaderElection({
      client,
      name: serviceName,
      identity: identityOf(options.pod),
      changed: (leader) => this.#leaderChanged(leader),
      log,
    });
    this.#reports = new ReportSender({
      ca: authority.certificate,
      certificate: () => replicaCertificate(authority),
      serverName: controllerDnsName,
      all: () => [...this.#programmed.keys()].map((key) => this.#proxyStates.report(key)),
      log,
    });
    this.#resync = setInterval(() => {
      this.#proxies.applyAgain();
      dirty();
    }, resyncMs).unref();
  }

  /** Resolves when everything has been listed and translated once, and proxies are served. */
  static async start(options: ControllerOptions): Promise<Controller> {
    const client = new ApiClient(options.api);
    const authority = await loadAuthority(client, options.log);
    const server = await issue({
      authority,
      commonName: 'routeproof controller',
      subjectAltName: { type: 'dns', value: controllerDnsName },
      usage: 'server',
      notBefore: new Date(),
      validityDays: certificateDays,
    });
    const controller = new Controller(options, { client, authority, server });
    await controller.#state.start();
    controller.#pacer.start();
    // Not before: one that cannot read the cluster would keep the others from writing.
    controller.#election.start();
    controller.#reconcileSafely();
    await controller.#ads.listen(`0.0.0.0:${options.xdsPort}`);
    return controller;
  }

  /** Writes nothing more, lets the leadership go, and ends the proxies' streams last. */
  async stop(): Promise<void> {
    clearInterval(this.#resync);
    this.#pacer.stop();
    await this.#election.stop();
    this.#reports.connect(undefined);
    this.#state.stop();
    this.#ads.close();
    this.#client.close();
  }

  /** Translates again, soon: for a pipeline whose result depends on more than its input, such as the time. */
  refresh(): void {
    this.#pacer.soon();
  }

  /** A state that cannot be translated leaves proxies with what they have; the next event tries again. */
  #reconcileSafely(): void {
    try {
      this.#reconcile();
    } catch (error) {
      this.#options.log.error({ err: error }, 'the state of the cluster cannot be translated');
    }
  }

  /** Routes go out first: statuses and objects can wait, calls cannot. */
  #reconcile(): void {
    const { pipeline, controllerName } = this.#options;
    const { gateways, listenerless, statuses, usedClasses } = pipeline.translate({
      objects: this.#state.objects(),
      proxies: this.#proxyStates.all(),
      controllerName,
      now: new Date().toISOString(),
    });
    for (const [key, ir] of gateways) this.#program(key, ir);
    for (const key of listenerless) this.#closeListeners(key);
    this.#removeLeftovers(gateways);
    for (const key of [...this.#programmed.keys()])
      if (!gateways.has(key) && !listenerless.has(key)) this.#forget(key);
    if (this.#leadsSince === undefined) {
      for (const key of this.#programmed.keys()) this.#reports.send(this.#proxyStates.report(key));
      return;
    }
    this.#statuses.write(statuses);
    this.#classFinalizers.keep(this.#state.gatewayClasses.list(), usedClasses);
    for (const ir of gateways.values()) this.#proxies.ensure(ir);
  }

  /** @param leader - the identity of a replica, perhaps of this one; undefined: not known now */
  #leaderChanged(leader: string | undefined): void {
    const leads = leader === identityOf(this.#options.pod);
    if (leads) {
      this.#leadsSince = performance.now();
      // What was held back for proxies that are coming back; see proxy-states.ts.
      setTimeout(() => this.#pacer.soon(), reconnectMs + 1).unref();
    } else if (this.#leadsSince !== undefined) {
      this.#leadsSince = undefined;
      // Another one writes from now on: what was written last is not known any more.
      this.#statuses.forget();
      this.#proxies.forget();
    }
    const { xdsPort } = this.#options;
    this.#reports.connect(leads || leader === undefined ? undefined : addressOf(leader, xdsPort));
    this.#pacer.soon();
  }

  #program(key: string, ir: IrGateway): void {
    const known = this.#programmed.get(key);
    if (known?.ir === ir) return;
    const isFirst = known?.ir === undefined;
    const delta = isFirst ? new XdsDelta() : known.delta;
    // Until all of it has gone through.
    this.#programmed.set(key, { delta });
    const changes = this.#options.pipeline.toXds(ir, delta);
    if (isFirst) this.#ads.update(key, snapshotOf(changes));
    else this.#ads.apply(key, changes);
    this.#programmed.set(key, { ir, delta });
  }

  /** Of proxies that connect later, too: one may have been away when the Gateway lost its last valid listener. */
  #closeListeners(key: string): void {
    this.#programmed.set(key, { delta: new XdsDelta() });
    this.#ads.closeListeners(key);
  }

  /** Listeners close at once; the address and the pods take the API server's and the proxy's time. */
  #removeLeftovers(gateways: ReadonlyMap<string, IrGateway>): void {
    const { gateways: stored, gatewayClasses, services, deployments } = this.#state;
    const leftovers = this.#leftovers.find({
      gateways: stored.list(),
      gatewayClasses: gatewayClasses.list(),
      services: services.list(),
      deployments: deployments.list(),
    });
    for (const leftover of leftovers) {
      if (!gateways.has(leftover.gatewayKey)) this.#ads.retire(leftover.gatewayKey);
      if (this.#leadsSince !== undefined) void this.#proxies.remove(leftover);
    }
  }

  /** A Gateway that is not served now, for whatever reason: its proxies keep what they have, unless they have been told to leave it. */
  #forget(key: string): void {
    this.#programmed.delete(key);
    this.#ads.remove(key);
    this.#reports.send(this.#proxyStates.report(key));
  }

  #proxyChanged(gatewayKey: string): void {
    this.#reports.send(this.#proxyStates.report(gatewayKey));
    if (this.#proxyStates.hasChanged(gatewayKey)) this.#pacer.soon();
  }

  #versionOf({ kind, namespace, name }: Omit<StatusUpdate, 'status'>): string | undefined {
    const stores = {
      GatewayClass: this.#state.gatewayClasses,
      Gateway: this.#state.gateways,
      ListenerSet: this.#state.listenerSets,
      GRPCRoute: this.#state.grpcRoutes,
      HTTPRoute: this.#state.httpRoutes,
      BackendTLSPolicy: this.#state.backendTlsPolicies,
    };
    return stores[kind].get(objectKey(namespace, name))?.metadata.resourceVersion;
  }
}

/** A replica as the Lease names it: with its address, for the others to report to. */
function identityOf({ name, address }: ControllerOptions['pod']): string {
  return `${name}_${address}`;
}

function addressOf(identity: string, port: number): string {
  const address = identity.slice(identity.lastIndexOf('_') + 1);
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

function replicaCertificate(authority: KeyAndCertificate): Promise<KeyAndCertificate> {
  return issue({
    authority,
    commonName: 'routeproof controller',
    subjectAltName: { type: 'url', value: replicaIdentity },
    usage: 'client',
    notBefore: new Date(),
    validityDays: certificateDays,
  });
}
