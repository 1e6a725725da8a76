import * as grpc from '@grpc/grpc-js';
import type { Logger } from 'pino';
import { replicaIdentity } from './replica-report.ts';
import type { ReplicaReport } from './replica-report.ts';

export interface ReplicaReportsOptions {
  log: Logger;
  /** Called when what is known of that Gateway's proxies has changed. */
  changed: (gatewayKey: string) => void;
  /** How long what a replica has said holds after its end: its proxies need a moment to come here. */
  keptMs: number;
}

/** What the other replicas say of the proxies that are connected to them. */
export class ReplicaReports {
  readonly #options: ReplicaReportsOptions;
  /** By Gateway, then by stream. */
  readonly #reports = new Map<string, Map<object, ReplicaReport>>();

  constructor(options: ReplicaReportsOptions) {
    this.#options = options;
  }

  of(gatewayKey: string): ReplicaReport[] {
    return [...(this.#reports.get(gatewayKey)?.values() ?? [])];
  }

  /** One stream of reports, until it ends. */
  serve(call: grpc.ServerReadableStream<Buffer, Buffer>, answer: grpc.sendUnaryData<Buffer>): void {
    const names = call.getAuthContext().sslPeerCertificate?.subjectaltname ?? '';
    if (!names.split(', ').includes(`URI:${replicaIdentity}`)) {
      answer({ code: grpc.status.PERMISSION_DENIED, details: 'not the certificate of a replica' });
      return;
    }
    this.#options.log.info({ peer: call.getPeer() }, 'another replica reports');
    let hasEnded = false;
    const ended = (): void => {
      if (hasEnded) return;
      hasEnded = true;
      setTimeout(() => this.#forget(call), this.#options.keptMs).unref();
    };
    call.on('data', (bytes: Buffer) => this.#take(call, JSON.parse(bytes.toString()) as ReplicaReport));
    call.on('end', () => {
      ended();
      answer(null, Buffer.alloc(0));
    });
    call.on('cancelled', ended);
    call.on('error', ended);
  }

  #take(stream: object, report: ReplicaReport): void {
    const { gatewayKey, listeners, rejections } = report;
    const reports = this.#reports.get(gatewayKey) ?? new Map<object, ReplicaReport>();
    if (listeners === undefined && rejections.length === 0) reports.delete(stream);
    else reports.set(stream, report);
    if (reports.size > 0) this.#reports.set(gatewayKey, reports);
    else this.#reports.delete(gatewayKey);
    this.#options.changed(gatewayKey);
  }

  #forget(stream: object): void {
    for (const [gatewayKey, reports] of this.#reports) {
      if (!reports.delete(stream)) continue;
      if (reports.size === 0) this.#reports.delete(gatewayKey);
      this.#options.changed(gatewayKey);
    }
  }
}
