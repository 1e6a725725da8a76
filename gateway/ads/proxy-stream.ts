import type { Logger } from 'pino';
import type { XdsResource, XdsType } from '../xds/resource.ts';
import { typeUrls, xdsTypes } from '../xds/resource.ts';
import { deltaResponse } from '../xds/wire.ts';
import type { GatewayModel } from './gateway-model.ts';
import { JoiningListeners } from './joining-listeners.ts';
import type { DeltaRequest } from './requests.ts';
import { Subscription } from './subscription.ts';

export interface ProxyStreamOptions {
  model: GatewayModel;
  send: (response: Buffer) => void;
  /** Called after each acknowledgement and refusal. */
  changed: () => void;
  log: Logger;
  /** Has the last word on what this proxy is told. */
  edit?: (resource: XdsResource) => XdsResource;
}

/**
 * The server's side of one delta ADS stream: one response a type in flight, the latest state next. New clusters and their endpoints
 * are acknowledged before scopes that send calls to them, scopes before a listener that joins others; clusters go only when no scope
 * of the proxy names them any more.
 */
export class ProxyStream {
  readonly #options: ProxyStreamOptions;
  readonly #subscriptions: Record<XdsType, Subscription>;
  readonly #joining: JoiningListeners;
  readonly #unsubscribe: () => void;
  #nonce = 0;

  constructor(options: ProxyStreamOptions) {
    this.#options = options;
    this.#subscriptions = {
      cds: new Subscription(),
      eds: new Subscription(),
      sds: new Subscription(),
      lds: new Subscription(),
      srds: new Subscription(),
    };
    this.#joining = new JoiningListeners(options.model, this.#subscriptions);
    this.#unsubscribe = options.model.subscribe((type, names) => {
      for (const name of names) this.#subscriptions[type].dirty.add(name);
      this.#pumpSoon();
    });
  }

  close(): void {
    this.#unsubscribe();
    this.#closed = true;
  }
  #closed = false;

  /**
   * Whether the proxy serves every listener as the model has it now: acknowledged, and with the certificates and the first scopes
   * that it waits for before it accepts connections.
   */
  get servesListeners(): boolean {
    const { lds, sds, srds } = this.#subscriptions;
    const { model } = this.#options;
    const listeners = model.snapshot.lds;
    if (!lds.answered) return false;
    for (const name of listeners.keys()) {
      if (model.view('lds', name)?.version !== lds.known.get(name)?.version) return false;
    }
    const hasSecrets = [...sds.names].every((name) => sds.known.has(name));
    return listeners.size === 0 || (srds.answered && hasSecrets);
  }

  /** Whether the proxy has listeners, or may be about to. */
  get hasListeners(): boolean {
    const { lds } = this.#subscriptions;
    return lds.known.size > 0 || lds.inFlight !== undefined;
  }

  receive(request: DeltaRequest): void {
    if (request.type === undefined) {
      this.#options.log.warn({ typeUrl: request.typeUrl }, 'the proxy asks for a type that is not served');
      return;
    }
    const subscription = this.#subscriptions[request.type];
    const { inFlight } = subscription;
    if (inFlight !== undefined && request.nonce === inFlight.nonce)
      this.#answered(request.type, subscription, request.error);
    this.#subscribe(request.type, subscription, request);
    this.#pumpSoon();
  }

  #pumping = false;
  /** Once for all that happens in this turn of the event loop. */
  #pumpSoon(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    queueMicrotask(() => {
      this.#pumping = false;
      if (!this.#closed) for (const type of xdsTypes) this.#pump(type);
    });
  }

  #subscribe(type: XdsType, subscription: Subscription, request: DeltaRequest): void {
    const { model } = this.#options;
    const first = !subscription.active && request.nonce === '';
    for (const [name, version] of Object.entries(request.initialVersions)) {
      const current = model.view(type, name);
      subscription.learn(name, { version, resource: current?.version === version ? current : undefined });
      subscription.resumed = true;
      subscription.dirty.add(name);
    }
    const names = request.subscribe.filter((name) => name !== '*');
    if (request.subscribe.includes('*') || (first && names.length === 0)) {
      subscription.wildcard = true;
      subscription.unanswered = true;
      for (const name of model.snapshot[type].keys()) subscription.dirty.add(name);
    }
    for (const name of names) {
      subscription.names.add(name);
      subscription.dirty.add(name);
      if (!(name in request.initialVersions)) subscription.asked.add(name);
    }
    for (const name of request.unsubscribe) {
      if (name === '*') subscription.wildcard = false;
      subscription.names.delete(name);
      if (!subscription.wildcard) subscription.forget(name);
    }
  }

  #answered(type: XdsType, subscription: Subscription, error: string | undefined): void {
    const { inFlight } = subscription;
    if (inFlight === undefined) return;
    subscription.inFlight = undefined;
    if (inFlight.probe !== undefined) this.#probed(subscription, inFlight.probe, error);
    else if (error === undefined) this.#accepted(subscription, inFlight.sent, inFlight.removed);
    else this.#refused(type, subscription, inFlight.sent, inFlight.removed, error);
    this.#options.changed();
  }

  #accepted(subscription: Subscription, sent: readonly XdsResource[], removed: readonly string[]): void {
    for (const resource of sent) {
      // It may have unsubscribed while the response was on its way.
      if (!subscription.wants(resource.name)) continue;
      subscription.learn(resource.name, { version: resource.version, resource });
      subscription.tainted.delete(resource.name);
      this.#options.model.acknowledged(resource);
    }
    for (const name of removed) subscription.forget(name);
    subscription.answered = true;
  }

  /** Halves a refused response until the resources that Envoy refuses stand alone; all others reach the proxy. */
  #refused(
    type: XdsType,
    subscription: Subscription,
    sent: readonly XdsResource[],
    removed: readonly string[],
    error: string,
  ): void {
    const { log, model } = this.#options;
    const [only] = sent;
    if (sent.length === 0) {
      log.error({ type, removed, error }, 'the proxy refuses to remove resources');
      for (const name of removed) subscription.forget(name);
      return;
    }
    for (const name of removed) subscription.dirty.add(name);
    for (const { name } of sent) subscription.tainted.add(name);
    if (sent.length > 1) {
      log.warn({ type, resources: sent.length, error }, 'the proxy refused a response: sending it in parts');
      const half = Math.ceil(sent.length / 2);
      subscription.batches.unshift(sent.slice(0, half), sent.slice(half));
      return;
    }
    if (only === undefined) return;
    log.error(
      { type, resource: only.name, version: only.version, routes: only.routes, error },
      'the proxy refused a resource',
    );
    if (only.probes === undefined) model.refuse(only, error, only.routes);
    else subscription.probe = { resource: only, message: error, left: only.probes(), guilty: [] };
  }

  #probed(
    subscription: Subscription,
    probe: NonNullable<Subscription['probe']>,
    error: string | undefined,
  ): void {
    const tried = probe.left.shift();
    if (tried === undefined) {
      subscription.probe = undefined;
      this.#options.model.refuse(probe.resource, probe.message, probe.guilty);
    } else if (error !== undefined) {
      probe.guilty.push(tried.route);
      probe.message = error;
    }
  }

  #pump(type: XdsType): void {
    const subscription = this.#subscriptions[type];
    if (subscription.inFlight !== undefined || !subscription.active) return;
    if (subscription.probe !== undefined) {
      this.#sendProbe(type, subscription, subscription.probe);
      return;
    }
    const batch = this.#nextBatch(type, subscription);
    const { sent, removed } =
      batch === undefined ? this.#collect(type, subscription) : { sent: batch, removed: [] };
    // An empty first answer means "there is nothing", not "nothing yet".
    const answersEmpty = subscription.unanswered && subscription.dirty.size === 0;
    if (sent.length === 0 && removed.length === 0 && !answersEmpty) return;
    subscription.unanswered = false;
    if (type === 'cds') this.#endpointsFollow(sent);
    this.#send(type, subscription, sent, removed);
  }

  #send(
    type: XdsType,
    subscription: Subscription,
    sent: readonly XdsResource[],
    removed: readonly string[],
    probe?: Subscription['probe'],
  ): void {
    this.#nonce += 1;
    const nonce = String(this.#nonce);
    subscription.inFlight = { nonce, sent, removed, ...(probe && { probe }) };
    const entries = sent.map((resource) => {
      const { entry, reworded } = this.#options.edit?.(resource) ?? resource;
      return subscription.tainted.has(resource.name) ? (reworded?.(this.#nonce) ?? entry) : entry;
    });
    this.#options.send(deltaResponse({ typeUrl: typeUrls[type], nonce, entries, removed }));
  }

  #sendProbe(type: XdsType, subscription: Subscription, probe: NonNullable<Subscription['probe']>): void {
    const [next] = probe.left;
    if (next === undefined) this.#send(type, subscription, [], [probeName(probe)], probe);
    else this.#send(type, subscription, [next.resource], [], probe);
  }

  #nextBatch(type: XdsType, subscription: Subscription): XdsResource[] | undefined {
    for (;;) {
      const batch = subscription.batches.shift();
      if (batch === undefined) return undefined;
      // What has another version by now is dirty, and comes with the next collection.
      const current = batch.flatMap(({ name, version }) => {
        const now = this.#options.model.view(type, name);
        return now?.version === version ? [now] : [];
      });
      if (current.length > 0) return current;
    }
  }

  #collect(type: XdsType, subscription: Subscription): { sent: XdsResource[]; removed: string[] } {
    const sent: XdsResource[] = [];
    const removed: string[] = [];
    for (const name of subscription.dirty) {
      const target = this.#options.model.view(type, name);
      if (!this.#isDue(type, name, target)) continue;
      subscription.dirty.delete(name);
      if (target !== undefined && this.#differs(subscription, target)) sent.push(target);
      else if (target === undefined && this.#isRemovable(type, subscription, name)) removed.push(name);
      subscription.asked.delete(name);
    }
    return { sent, removed };
  }

  #differs(subscription: Subscription, target: XdsResource): boolean {
    if (!subscription.wants(target.name)) return false;
    return (
      subscription.asked.has(target.name) || subscription.known.get(target.name)?.version !== target.version
    );
  }

  /** Endpoints and certificates stay until the cluster or listener that names them is gone; the proxy then forgets them by itself. */
  #isRemovable(type: XdsType, subscription: Subscription, name: string): boolean {
    if (subscription.asked.has(name)) return true;
    if (type === 'eds' || type === 'sds') return false;
    return subscription.known.has(name);
  }

  #isDue(type: XdsType, name: string, target: XdsResource | undefined): boolean {
    if (type === 'srds' && target !== undefined)
      return target.needs.every((cluster) => this.#isServed(cluster));
    if (type === 'lds') return this.#joining.isDue(name, target, this.#heard);
    if (type === 'cds' && target === undefined) return this.#isUnused(name);
    return true;
  }

  /** Whether the proxy has acknowledged anything on this stream. */
  get #heard(): boolean {
    return xdsTypes.some((type) => this.#subscriptions[type].answered);
  }

  /** Whether the proxy can send calls to the cluster, or never will. */
  #isServed(cluster: string): boolean {
    if (this.#options.model.view('cds', cluster) === undefined) return true;
    const { cds, eds } = this.#subscriptions;
    const leaving = cds.inFlight?.removed.includes(cluster) ?? false;
    const hasEndpoints = eds.known.has(cluster) || this.#options.model.view('eds', cluster) === undefined;
    return !leaving && cds.known.has(cluster) && hasEndpoints;
  }

  /** Whether no scope names the cluster: none that the proxy has, and none on its way. */
  #isUnused(cluster: string): boolean {
    const { srds } = this.#subscriptions;
    if (srds.inFlight?.sent.some(({ needs }) => needs.includes(cluster)) === true) return false;
    // What is unknown is from before a reconnection; it is about to be replaced or removed.
    return !srds.mayNeed(cluster);
  }

  /** A replaced cluster waits for endpoints, which the proxy does not ask for again. */
  #endpointsFollow(clusters: readonly XdsResource[]): void {
    const { cds, eds } = this.#subscriptions;
    for (const { name } of clusters) {
      if (!cds.known.has(name)) continue;
      eds.asked.add(name);
      eds.dirty.add(name);
    }
  }
}

function probeName(probe: NonNullable<Subscription['probe']>): string {
  return probe.resource.probes?.()[0]?.resource.name ?? '';
}
