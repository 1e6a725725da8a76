import type { Deadline, Metadata } from '@grpc/grpc-js';
import type { Identity } from './config.ts';
import type { Ledger } from './ledger.ts';
import type { MetadataEntry, Received } from './messages.ts';
import { connectionHeader, pingsOf } from './sessions.ts';
import type { TlsConnection, TlsConnections } from './tls-connections.ts';

/** What all four kinds of grpc-js server calls have in common. */
export interface IncomingCall {
  readonly metadata: Metadata;
  getPath(): string;
  getHost(): string;
  getPeer(): string;
  getDeadline(): Deadline;
  once(event: 'cancelled', listener: () => void): unknown;
}

const noTls = {
  enabled: false,
  version: '',
  cipher: '',
  alpn: '',
  serverName: '',
  clientCertificateSha256: '',
};

/** Turns incoming calls into what the backend tells about them, and keeps them for the ledger. */
export class Receiver {
  readonly identity: Identity;
  readonly ledger: Ledger;
  readonly #connections: TlsConnections | undefined;

  /** @param connections - of the port that the calls come in by; undefined for plaintext */
  constructor(identity: Identity, ledger: Ledger, connections?: TlsConnections) {
    this.identity = identity;
    this.ledger = ledger;
    this.#connections = connections;
  }

  /** Describes the call (an IPv4 peer without its IPv6 prefix), and records it under its x-routeproof-nonce when it has one. */
  receive(call: IncomingCall): Received {
    const [service = '', method = ''] = call.getPath().replace(/^\//, '').split('/');
    const { pod, namespace, service: ownService, node } = this.identity;
    const { peerCertificates: _, ...tls } = this.tlsOf(call) ?? { ...noTls, peerCertificates: [] };
    const pings = pingsOf(call.metadata);
    const pingsBefore = pings?.received ?? 0;
    const received: Received = {
      service,
      method,
      authority: call.getHost(),
      peer: call.getPeer().replace(/^::ffff:/, ''),
      metadata: metadataEntries(call.metadata),
      deadlineMs: remainingMs(call.getDeadline()),
      tls,
      backend: { pod, namespace, service: ownService, node },
      messages: 0,
      payloadBytes: 0,
      cancelled: false,
      get pings() {
        return pings && pings.received - pingsBefore;
      },
    };
    call.once('cancelled', () => {
      received.cancelled = true;
    });
    for (const nonce of call.metadata.get('x-routeproof-nonce')) this.ledger.record(String(nonce), received);
    return received;
  }

  tlsOf(call: IncomingCall): TlsConnection | undefined {
    return this.#connections?.get(call.getPeer());
  }
}

/** In order of arrival; binary values as base64. What the server adds itself to tell its connections apart is none of it. */
function metadataEntries(metadata: Metadata): MetadataEntry[] {
  return Object.entries(metadata.toJSON()).flatMap(([key, values]) =>
    key === connectionHeader
      ? []
      : values.map((value) => ({ key, value: typeof value === 'string' ? value : value.toString('base64') })),
  );
}

function remainingMs(deadline: Deadline): number {
  const at = deadline instanceof Date ? deadline.getTime() : deadline;
  return Number.isFinite(at) ? Math.max(1, at - Date.now()) : 0;
}
