import * as grpc from '@grpc/grpc-js';
import type { Logger } from 'pino';
import type { XdsChanges, XdsResource, XdsSnapshot } from '../xds/resource.ts';
import { GatewayModel } from './gateway-model.ts';
import type { Rejection } from './rejection.ts';
import { ProxyStream } from './proxy-stream.ts';
import { reportMethod } from './replica-report.ts';
import type { ReplicaReport } from './replica-report.ts';
import { ReplicaReports } from './replica-reports.ts';
import { decodeRequest } from './requests.ts';

export interface AdsTls {
  /** PEM: whom proxies' certificates must be signed by. */
  ca: string;
  certificate: string;
  privateKey: string;
}

export interface AdsServerOptions {
  log: Logger;
  tls: AdsTls;
  /** Called when what proxies have acknowledged, or refused, changed for that Gateway. */
  proxyChanged: (gatewayKey: string) => void;
  /** Has the last word on what a proxy is told. */
  edit?: EditForProxy;
  /** How long, in ms, what another replica has said of its proxies holds after the end of that replica; default 0. */
  reportKeptMs?: number;
}

export type EditForProxy = (resource: XdsResource, proxy: ConnectedProxy) => XdsResource;

/** One of a Gateway's proxies. */
export interface ConnectedProxy {
  gatewayKey: string;
  /** `address:port` of its connection to the controller. */
  peer: string;
}

type Stream = grpc.ServerDuplexStream<Buffer, Buffer>;

const identityUri = 'routeproof://gateway/';
const identity = (bytes: Buffer): Buffer => bytes;

const service: grpc.ServiceDefinition = {
  deltaAggregatedResources: {
    path: '/envoy.service.discovery.v3.AggregatedDiscoveryService/DeltaAggregatedResources',
    requestStream: true,
    responseStream: true,
    requestSerialize: identity,
    requestDeserialize: identity,
    responseSerialize: identity,
    responseDeserialize: identity,
  },
};

const replicas = { report: reportMethod };

/** The URI in a proxy's client certificate that says whose configuration it may have. */
export function proxyIdentity(gatewayKey: string): string {
  return `${identityUri}${gatewayKey}`;
}

/** Incremental aggregated discovery for the proxies of all Gateways, each of which sees its own Gateway only. */
export class AdsServer {
  readonly #options: AdsServerOptions;
  readonly #server: grpc.Server;
  readonly #models = new Map<string, GatewayModel>();
  readonly #streams = new Map<string, Map<ProxyStream, () => void>>();
  readonly #reports: ReplicaReports;

  constructor(options: AdsServerOptions) {
    this.#options = options;
    const { log, proxyChanged: changed, reportKeptMs: keptMs = 0 } = options;
    this.#reports = new ReplicaReports({ log, changed, keptMs });
    this.#server = new grpc.Server({
      // A proxy that is gone without a FIN is noticed within 20 s.
      'grpc.keepalive_time_ms': 10_000,
      'grpc.keepalive_timeout_ms': 10_000,
    });
    this.#server.addService(service, { deltaAggregatedResources: (call: Stream) => this.#serve(call) });
    this.#server.addService(replicas, {
      report: (call: grpc.ServerReadableStream<Buffer, Buffer>, answer: grpc.sendUnaryData<Buffer>) =>
        this.#reports.serve(call, answer),
    });
  }

  /** @returns the port that it listens on @throws Error when the address cannot be bound */
  listen(address: string): Promise<number> {
    const { ca, certificate, privateKey } = this.#options.tls;
    const credentials = grpc.ServerCredentials.createSsl(
      Buffer.from(ca),
      [{ cert_chain: Buffer.from(certificate), private_key: Buffer.from(privateKey) }],
      true,
    );
    return new Promise((resolve, reject) => {
      this.#server.bindAsync(address, credentials, (error, port) => {
        if (error === null) resolve(port);
        else reject(error);
      });
    });
  }

  /** Ends all streams. */
  close(): void {
    this.#server.forceShutdown();
  }

  /** All that the Gateway's proxies are to have. */
  update(gatewayKey: string, snapshot: XdsSnapshot): void {
    this.#model(gatewayKey).update(snapshot);
  }

  /** What of it is different now. */
  apply(gatewayKey: string, changes: XdsChanges): void {
    this.#model(gatewayKey).apply(changes);
  }

  /** The Gateway has no valid listener: its proxies close theirs, finish the calls that they have, and wait for what comes. */
  closeListeners(gatewayKey: string): void {
    this.#model(gatewayKey).closeListeners();
  }

  /** The Gateway is gone: its proxies close their listeners, finish the calls that they have, and get nothing more. */
  retire(gatewayKey: string): void {
    const model = this.#models.get(gatewayKey);
    this.#models.delete(gatewayKey);
    model?.retire();
    for (const [stream, end] of this.#streams.get(gatewayKey) ?? []) if (!stream.hasListeners) end();
  }

  /** The Gateway is not served: its proxies keep what they have until they end, and get nothing more. */
  remove(gatewayKey: string): void {
    if (!this.#models.has(gatewayKey)) return;
    this.#models.delete(gatewayKey);
    for (const end of this.#streams.get(gatewayKey)?.values() ?? []) end();
  }

  /** Ids of the Gateway's tables that a proxy has served as they are now, of whichever replica; undefined as long as none has acknowledged any. */
  served(gatewayKey: string): readonly string[] | undefined {
    const model = this.#models.get(gatewayKey);
    if (model === undefined) return undefined;
    const elsewhere = this.#reports.of(gatewayKey).flatMap(({ listeners }) => (listeners ? [listeners] : []));
    if (elsewhere.length === 0) return model.isServed ? model.served : undefined;
    return [...new Set([...model.served, ...elsewhere.flatMap((listeners) => model.servedOf(listeners))])];
  }

  /** What proxies have refused, of whichever replica. */
  rejections(gatewayKey: string, isCurrent: (rejection: Rejection) => boolean): Rejection[] {
    const own = this.#models.get(gatewayKey)?.rejections(isCurrent) ?? [];
    const others = this.#reports.of(gatewayKey).flatMap(({ rejections }) => rejections);
    if (others.length === 0) return own;
    const known = new Set(own.map(idOf));
    return [...own, ...others.filter((each) => !known.has(idOf(each)) && isCurrent(each))];
  }

  /** What the proxies that are connected to this replica have, for the one that writes statuses. */
  report(gatewayKey: string, isCurrent: (rejection: Rejection) => boolean): ReplicaReport {
    const model = this.#models.get(gatewayKey);
    return {
      gatewayKey,
      ...(model?.isServed === true && { listeners: model.servedListeners }),
      rejections: model?.rejections(isCurrent) ?? [],
    };
  }

  #model(gatewayKey: string): GatewayModel {
    let model = this.#models.get(gatewayKey);
    if (model === undefined) {
      model = new GatewayModel();
      this.#models.set(gatewayKey, model);
    }
    return model;
  }

  #serve(call: Stream): void {
    const gatewayKey = gatewayOf(call);
    const model = gatewayKey === undefined ? undefined : this.#models.get(gatewayKey);
    if (gatewayKey === undefined || model === undefined) {
      // A model appears with the first snapshot; the proxy tries again.
      const details = `no configuration for ${gatewayKey ?? 'a client without a Gateway in its certificate'}`;
      // A deleted Gateway's proxy asks again until it has drained.
      const level = gatewayKey === undefined ? 'warn' : 'debug';
      this.#options.log[level]({ peer: call.getPeer(), gateway: gatewayKey }, details);
      refuse(call, details);
      return;
    }
    this.#run(call, gatewayKey, model);
  }

  #run(call: Stream, gatewayKey: string, model: GatewayModel): void {
    const log = this.#options.log.child({ gateway: gatewayKey, peer: call.getPeer() });
    const { edit } = this.#options;
    const proxy = { gatewayKey, peer: call.getPeer() };
    const stream = new ProxyStream({
      model,
      log,
      ...(edit && { edit: (resource) => edit(resource, proxy) }),
      send: (response) => call.write(response),
      changed: () => {
        if (stream.servesListeners) model.noteServed();
        if (model.isRetired && !stream.hasListeners) end();
        this.#options.proxyChanged(gatewayKey);
      },
    });
    const end = (): void => refuse(call, `no configuration for ${gatewayKey}`);
    const streams = this.#streams.get(gatewayKey) ?? new Map<ProxyStream, () => void>();
    this.#streams.set(gatewayKey, streams.set(stream, end));
    log.info('proxy connected');
    const ended = (): void => {
      stream.close();
      if (!streams.delete(stream)) return;
      if (streams.size === 0 && this.#streams.get(gatewayKey) === streams) this.#streams.delete(gatewayKey);
      log.info('proxy disconnected');
      this.#options.proxyChanged(gatewayKey);
    };
    call.on('data', (bytes: Buffer) => {
      try {
        stream.receive(decodeRequest(bytes));
      } catch (error) {
        log.error({ err: error }, 'a request of the proxy cannot be read');
        call.emit('error', { code: grpc.status.INVALID_ARGUMENT, details: 'not a DeltaDiscoveryRequest' });
      }
    });
    call.on('end', () => {
      ended();
      call.end();
    });
    call.on('cancelled', ended);
    call.on('error', ended);
  }
}

function idOf({ resource, type, source }: Rejection): string {
  return `${type} ${resource} ${source?.kind ?? ''} ${source?.key ?? ''}`;
}

function refuse(call: Stream, details: string): void {
  call.emit('error', { code: grpc.status.PERMISSION_DENIED, details });
}

/** The Gateway in the client certificate, which the CA of the controller has signed. */
function gatewayOf(call: Stream): string | undefined {
  const names = call.getAuthContext().sslPeerCertificate?.subjectaltname ?? '';
  for (const name of names.split(', ')) {
    if (name.startsWith(`URI:${identityUri}`)) return name.slice(`URI:${identityUri}`.length);
  }
  return undefined;
}
