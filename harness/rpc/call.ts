import type { CallRecord, Layer } from '../results/run.ts';

export interface Call {
  /** Gateway name as the YAML writes it, `namespace/name`; default the scenario's only Gateway or routeproof-base/shared. An IP address stands for itself, and so does what gatewayMustBeProgrammed has returned. */
  gateway?: string;
  /** Listener port; default 80, or 443 with tls. */
  port?: number;
  /** :authority, rewritten like a hostname. */
  host?: string;
  /** `package.Service/Method` of the echo server's protos; default `routeproof.v1.Probe/Unary`. */
  method?: string;
  metadata?: Record<string, string | string[]>;
  /** Message(s) as plain objects (proto3 JSON names in camelCase); several for client and bidi streams. */
  message?: object | object[];
  /** TLS with SNI = host unless serverName says otherwise; `ca` PEM verifies, otherwise any certificate is taken. */
  tls?: { serverName?: string; ca?: string; clientCert?: string; clientKey?: string } | true;
  /** Messages are sent compressed, as grpc-encoding says. */
  compression?: 'gzip';
  /** Sent as grpc-timeout; default the limit `callMs`, and 5000 where callMust tries again and again. */
  deadlineMs?: number;
  /** Straight to a backend pod instead of through the Gateway. */
  direct?: string;
  /**
   * Any name: calls with different ones never share a connection, and so may reach different proxies of a Gateway. callMust stays on
   * it, where it else dials anew after a while, and might meet another proxy.
   */
  connection?: string;
  /**
   * callMust dials anew for each try, with a `connection` that no other call has: where proxies differ in their handshake, a refused
   * connection would be dialled again until one succeeds, and then stay.
   */
  fresh?: true;
}

export interface CallResult {
  record: CallRecord;
  /** The x-routeproof-nonce that was sent; '' when none was. */
  nonce: string;
  /** gRPC status code; null when the call failed before any status (connect, TLS). */
  status: number | null;
  statusName: string;
  message: string;
  /** Decoded responses, in order. */
  responses: Record<string, unknown>[];
  headers: Map<string, string[]>;
  trailers: Map<string, string[]>;
  /** Name in meta.backends of the pod that answered; its pod name for other pods; undefined when no backend did. */
  backend: string | undefined;
  /** Metadata as the backend received it, when it reports it. */
  received: Map<string, string[]>;
  /** Deepest layer that the call reached. */
  reached: Layer;
  /** The answer does not say who made it, and the backends were not asked: it was wrong whoever made it. */
  anonymous?: true;
}

export interface Expected {
  /** Default 0. A name such as 'UNIMPLEMENTED' or a code; null: the call fails before any status (connect, TLS); or several of which each is right. */
  status?: string | number | (string | null)[] | null;
  /** Who must answer; null: no backend may have answered. */
  backend?: string | string[] | null;
  /** More, as a chai assertion over the result. */
  also?: (result: CallResult) => void;
}

export interface RawCall {
  gateway?: string;
  port?: number;
  host?: string;
  path: string;
  headers?: Record<string, string>;
  /** Serialised gRPC frames or any bytes. */
  body?: Uint8Array;
  tls?: { serverName?: string; alpn?: string[] };
  httpVersion?: '1.1' | '2';
  httpMethod?: string;
}

export interface RawResult {
  /** ALPN protocol chosen, TLS only. */
  alpn?: string | false;
  peerCertificateSans?: string[];
  httpStatus?: number;
  headers: [string, string][];
  trailers: [string, string][];
  body: Uint8Array;
  /** HTTP/2 error or RST code, connect or TLS error. */
  error?: string;
  reached: Layer;
}

export interface HeldConnection {
  /** One more call of the same kind on it, finished at once, perhaps for another host. Resolves when it has an answer, or never will. */
  ask(of?: {
    host?: string;
    headers?: Record<string, string>;
  }): Promise<{ httpStatus?: number; error?: string }>;
  readonly isOpen: boolean;
  /** Whether the peer has sent GOAWAY. */
  readonly isLeaving: boolean;
}
