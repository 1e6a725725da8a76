/**
 * The intermediate representation between Gateway API (translate/) and Envoy (xds/). Imports neither.
 * Plain, JSON-serialisable data; every list is in a deterministic order.
 */

/** What one Gateway's Envoy has to do. */
export interface IrGateway {
  /** namespace/name of the Gateway. */
  key: string;
  ports: IrPort[];
  /** Every cluster that a route of this Gateway names, by name, each once. */
  clusters: IrCluster[];
  /** Shown to every backend of a cluster with `tls` that asks for one. */
  backendClientCertificate?: IrCertificate;
}

export interface IrPort {
  /** The listener port of the Gateway, as clients see it; Envoy itself listens on containerPort(port). */
  port: number;
  protocol: 'HTTP' | 'HTTPS';
  /** One table for an HTTP port; one per listener (SNI) of an HTTPS port, most specific hostname first. */
  tables: IrTable[];
}

/** A set of hosts that one connection manager serves. */
export interface IrTable {
  /** Unique within the Gateway, stable across changes, without ':'. */
  id: string;
  /** HTTPS only. */
  tls?: IrTls;
  /** By hostname; at most one entry a hostname. */
  hosts: IrHost[];
}

export interface IrTls {
  /** SNI that selects this table: exact, `*.suffix`, or undefined for any. */
  serverName?: string;
  certificates: IrCertificate[];
  /** Undefined: clients are not asked for a certificate. */
  clientValidation?: IrClientValidation;
}

export interface IrClientValidation {
  /** PEM, one or more certificates: one of them must have signed the client's. */
  caPem: string;
  /** `request` lets clients in without a certificate, and with any. */
  mode: 'require' | 'request';
}

export interface IrCertificate {
  /** namespace/name of the Secret. */
  name: string;
  certificatePem: string;
  privateKeyPem: string;
}

export interface IrHost {
  /** Lower case: exact (`a.example.com`), wildcard (`*.example.com`, any number of labels) or `*`. */
  hostname: string;
  /** In precedence order, first match wins. */
  routes: IrRoute[];
  /**
   * Whether a call that no route here matches goes on to the next less specific host of the table.
   * False where a listener's hostname ends: its calls must not reach another listener's routes.
   */
  fallThrough: boolean;
}

export interface IrStringMatch {
  type: 'exact' | 'prefix' | 'regex';
  /** A regex is RE2 and matches the whole value. */
  value: string;
}

export interface IrRoute {
  /** Unique within the Gateway, stable: `kind/namespace/name/rule/i/match/j`. Never empty (xds-side Lua tests it). */
  name: string;
  /**
   * Kind, namespace/name of the object it comes from; NACKs are reported there. Gateway: a host of another listener of
   * the same HTTPS port, answered 421 (misdirected request).
   */
  source: { kind: 'GRPCRoute' | 'HTTPRoute' | 'Gateway'; key: string };
  /** metadata.generation of that object. */
  generation: number;
  /** gRPC routes only see gRPC calls and answer errors as a gRPC status. */
  protocol: 'grpc' | 'http';
  match: {
    /**
     * The :path without query. A prefix that ends in `/` is a plain prefix; any other matches whole elements only
     * (HTTPRoute's PathPrefix: `/foo` takes `/foo` and `/foo/bar`, not `/foobar`).
     */
    path: IrStringMatch;
    method?: string;
    headers: { name: string; match: IrStringMatch }[];
    queryParams: { name: string; match: IrStringMatch }[];
  };
  requestHeaders: IrHeaderEdit;
  responseHeaders: IrHeaderEdit;
  mirrors: { cluster: string; numerator: number; denominator: number }[];
  /** HTTP routes that forward only. */
  cors?: IrCors;
  action: IrAction;
  /** HTTPRoute timeouts.request; undefined = none. gRPC routes never have one, grpc-timeout is honoured instead. */
  timeoutMs?: number;
  backendTimeoutMs?: number;
  /** HTTP routes only; without it only what no backend has seen is tried again. */
  retry?: IrRetry;
  session?: IrSession;
}

/** GEP-1619: a call that brings the token of an earlier answer goes to the endpoint that gave that answer. */
export interface IrSession {
  carrier: 'cookie' | 'header';
  /** Of the cookie or header, a token in the sense of RFC 9110. */
  name: string;
  /** In every token of the rule, lower-case hexadecimal: those of other rules are not honoured. */
  scope: string;
  /** Milliseconds from the first answer on; undefined: the session has no end. */
  absoluteTimeoutMs?: number;
  /** Cookies only: clients keep it until the absolute timeout, instead of as long as they run. */
  permanent: boolean;
  /** Cookies only: the paths that clients send it to; default `/`, all of them. */
  path?: string;
  /** Where tokens may lead: every backend that resolves, those of weight 0 too. Weights mean nothing here. */
  pinned: IrForward;
}

export interface IrHeaderEdit {
  set: { name: string; value: string }[];
  add: { name: string; value: string }[];
  remove: string[];
}

export interface IrRetry {
  /** Statuses of a backend that are tried again; connection errors and timeouts of a try always are. */
  codes: number[];
  /** Beside the first try; 0 switches retries off. */
  attempts: number;
  /** Base of the growing pauses; undefined: the data plane's. */
  backoffMs?: number;
  /** No try may begin sooner than this after an answer: the clusters say so as well. Whole seconds are all that Envoy can keep. */
  leastBackoffSeconds?: number;
}

export interface IrCors {
  /** RE2 that matches a whole Origin. */
  allowOrigins: string[];
  /** Of these two `*` alone stands for all: a preflight is told what it asked for. */
  allowMethods: string[];
  allowHeaders: string[];
  exposeHeaders: string[];
  allowCredentials: boolean;
  maxAgeSeconds: number;
}

export interface IrForward {
  type: 'forward';
  /** Weight 0 entries are left out. A share without `cluster` is invalid and answers `invalidStatus`. */
  backends: IrBackend[];
  rewrite?: { hostname?: string; path?: { type: 'full' | 'prefix'; value: string } };
}

export type IrAction =
  | IrForward
  /** Answered by the proxy: an HTTP status that Envoy turns into a gRPC status for gRPC calls (503 = UNAVAILABLE, 404 = UNIMPLEMENTED). */
  | { type: 'respond'; httpStatus: number }
  | {
      type: 'redirect';
      scheme?: string;
      hostname?: string;
      /** Undefined: the listener's. In a Location, a port that the scheme implies is left out. */
      port?: number;
      httpStatus: number;
      path?: { type: 'full' | 'prefix'; value: string };
    };

export interface IrBackend {
  weight: number;
  /** Undefined: the reference is invalid; this share is answered 503 on gRPC routes and 500 on HTTP routes. */
  cluster?: string;
  requestHeaders?: IrHeaderEdit;
  responseHeaders?: IrHeaderEdit;
}

export interface IrCluster {
  /** `namespace/service/port/protocol`, and a digest of `tls` where there is one: another `tls` is another cluster. */
  name: string;
  /** HTTP/2 or HTTP/1.1; in plaintext without `tls`. */
  protocol: 'h2c' | 'http1';
  tls?: IrBackendTls;
  /** Part of the name too: what routes with that IrRetry.leastBackoffSeconds need of it. */
  leastBackoffSeconds?: number;
  /** Ready endpoints; serving-terminating ones only when no other is ready. */
  endpoints: { address: string; port: number }[];
}

/** How the proxy proves that a backend is who it should be. */
export interface IrBackendTls {
  /** Sent as SNI. */
  serverName: string;
  /** PEM, one or more certificates: one of them must have signed the backend's. */
  caPem: string;
  /** The backend's certificate must carry one of these. A DNS name `*.suffix` stands for every name that ends so. */
  subjectAltNames: { type: 'dns' | 'uri'; value: string }[];
}
