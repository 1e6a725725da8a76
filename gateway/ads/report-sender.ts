import * as grpc from '@grpc/grpc-js';
import type { Logger } from 'pino';
import { reportMethod } from './replica-report.ts';
import type { ReplicaReport } from './replica-report.ts';

export interface ReportSenderOptions {
  /** What the other replica's certificate is issued for. */
  serverName: string;
  /** PEM: who must have signed the other replica's certificate. */
  ca: string;
  /** PEM of this replica's own, made when it is first needed. */
  certificate: () => Promise<{ certificate: string; privateKey: string }>;
  /** All there is to say now. */
  all: () => ReplicaReport[];
  log: Logger;
}

const retryMs = 1000;

/** Tells the replica that writes statuses what the proxies have that are connected to this one. */
export class ReportSender {
  readonly #options: ReportSenderOptions;
  readonly #sent = new Map<string, string>();
  #own: ReturnType<ReportSenderOptions['certificate']> | undefined;
  #address: string | undefined;
  #client: grpc.Client | undefined;
  #call: grpc.ClientWritableStream<Buffer> | undefined;

  constructor(options: ReportSenderOptions) {
    this.#options = options;
  }

  /** @param address - `host:port` of the other replica; undefined: there is nobody to tell */
  connect(address: string | undefined): void {
    if (address === this.#address) return;
    this.#address = address;
    this.#end();
    if (address !== undefined) void this.#open(address);
  }

  /** Does nothing where it was said already, or there is nobody to tell. */
  send(report: ReplicaReport): void {
    if (this.#call === undefined) return;
    const { gatewayKey, listeners, rejections } = report;
    const text = JSON.stringify(report);
    if (this.#sent.get(gatewayKey) === text) return;
    const isNothing = listeners === undefined && rejections.length === 0;
    if (isNothing && !this.#sent.has(gatewayKey)) return;
    if (isNothing) this.#sent.delete(gatewayKey);
    else this.#sent.set(gatewayKey, text);
    this.#call.write(Buffer.from(text));
  }

  async #open(address: string): Promise<void> {
    const { ca, certificate, serverName, all, log } = this.#options;
    this.#own ??= certificate();
    const own = await this.#own;
    if (address !== this.#address) return;
    const tls = grpc.credentials.createSsl(
      Buffer.from(ca),
      Buffer.from(own.privateKey),
      Buffer.from(own.certificate),
    );
    const { path, requestSerialize, responseDeserialize } = reportMethod;
    const client = new grpc.Client(address, tls, { 'grpc.ssl_target_name_override': serverName });
    const call = client.makeClientStreamRequest(path, requestSerialize, responseDeserialize, (error) => {
      if (call !== this.#call) return;
      log.info({ leader: address, error: error?.message }, 'the leader takes no reports: trying again');
      this.#end();
      setTimeout(() => {
        if (address === this.#address && this.#call === undefined) void this.#open(address);
      }, retryMs).unref();
    });
    [this.#client, this.#call] = [client, call];
    for (const report of all()) this.send(report);
  }

  #end(): void {
    const [client, call] = [this.#client, this.#call];
    [this.#client, this.#call] = [undefined, undefined];
    this.#sent.clear();
    call?.cancel();
    client?.close();
  }
}
