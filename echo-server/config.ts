import { RouteproofError } from '../common/errors.ts';

export const serviceNames = [
  'echo',
  'greeter',
  'grpcecho',
  'routeproof',
  'health',
  'reflection-v1',
  'reflection-v1alpha',
] as const;
export type ServiceName = (typeof serviceNames)[number];

/** Who answers, as the downward API tells it. */
export interface Identity {
  pod: string;
  namespace: string;
  service: string;
  node: string;
  ingress: string;
}

export interface TlsFiles {
  certFile: string;
  keyFile: string;
}

export interface TlsListener extends TlsFiles {
  port: number;
}

export interface Config {
  identity: Identity;
  /** Plaintext (h2c) ports, all with the same services; 0 takes a free one. */
  ports: number[];
  tls?: TlsListener;
  /** Of plain HTTP/1.1 (tries.ts); undefined leaves it away. */
  httpPort?: number;
  services: ServiceName[];
  /** How many calls one connection may have at a time (SETTINGS_MAX_CONCURRENT_STREAMS); undefined: any number. */
  maxStreams?: number;
  /** How long calls in flight may go on after SIGTERM. */
  shutdownGraceMs: number;
  /** How long new connections are still taken after SIGTERM, for clients that learn late. */
  shutdownDelayMs: number;
}

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Reads the settings that README.md lists.
 *
 * @throws RouteproofError INVALID_INPUT - names the variable and what it may hold
 */
export function configFromEnv(env: Env): Config {
  const tls = tlsFromEnv(env);
  return {
    identity: identityFromEnv(env),
    ports: list(env['ECHO_PORTS'] ?? '9000').map((port) => parsePort('ECHO_PORTS', port)),
    ...(tls === undefined ? {} : { tls }),
    ...((env['ECHO_HTTP_PORT'] ?? '') === ''
      ? {}
      : { httpPort: parsePort('ECHO_HTTP_PORT', env['ECHO_HTTP_PORT'] ?? '') }),
    services: servicesFromEnv(env),
    ...maxStreamsFromEnv(env),
    shutdownGraceMs: milliseconds(env, 'SHUTDOWN_GRACE_MS', 10_000),
    shutdownDelayMs: milliseconds(env, 'SHUTDOWN_DELAY_MS', 0),
  };
}

/** Settings of the official suite's image in its gRPC mode: its variables, its ports. */
export function grpcEchoBasicConfig(env: Env): Config {
  const cert = env['TLS_SERVER_CERT'] ?? '';
  const key = env['TLS_SERVER_PRIV_KEY'] ?? '';
  const tls =
    cert === '' || key === ''
      ? {}
      : { tls: { certFile: cert, keyFile: key, port: parsePort('HTTPS_PORT', env['HTTPS_PORT'] ?? '8443') } };
  return {
    identity: identityFromEnv(env),
    ports: [parsePort('HTTP_PORT', env['HTTP_PORT'] ?? '3000')],
    ...tls,
    services: ['grpcecho', 'reflection-v1', 'reflection-v1alpha'],
    shutdownGraceMs: milliseconds(env, 'SHUTDOWN_GRACE_MS', 10_000),
    shutdownDelayMs: milliseconds(env, 'SHUTDOWN_DELAY_MS', 0),
  };
}

export function identityFromEnv(env: Env): Identity {
  return {
    pod: env['POD_NAME'] ?? env['HOSTNAME'] ?? '',
    namespace: env['POD_NAMESPACE'] ?? env['NAMESPACE'] ?? '',
    service: env['SERVICE_NAME'] ?? '',
    node: env['NODE_NAME'] ?? '',
    ingress: env['INGRESS_NAME'] ?? '',
  };
}

/** @throws RouteproofError INVALID_INPUT */
export function parsePort(variable: string, text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw invalid(variable, text, 'a port number, 0 for any free one');
}

function tlsFromEnv(env: Env): TlsListener | undefined {
  const certFile = env['TLS_CERT_FILE'] ?? '';
  const keyFile = env['TLS_KEY_FILE'] ?? '';
  if (certFile === '' && keyFile === '') return undefined;
  if (certFile === '') throw invalid('TLS_CERT_FILE', '', 'a PEM file, because TLS_KEY_FILE is set');
  if (keyFile === '') throw invalid('TLS_KEY_FILE', '', 'a PEM file, because TLS_CERT_FILE is set');
  return { certFile, keyFile, port: parsePort('ECHO_TLS_PORT', env['ECHO_TLS_PORT'] ?? '9443') };
}

function servicesFromEnv(env: Env): ServiceName[] {
  const text = env['ECHO_SERVICES'] ?? '';
  if (text === '') return [...serviceNames];
  return list(text).map((name) => {
    const known = serviceNames.find((service) => service === name);
    if (known === undefined) throw invalid('ECHO_SERVICES', name, `names out of ${serviceNames.join(', ')}`);
    return known;
  });
}

function maxStreamsFromEnv(env: Env): { maxStreams?: number } {
  const text = env['ECHO_MAX_STREAMS'] ?? '';
  if (text === '') return {};
  if (!/^[1-9]\d{0,5}$/.test(text)) throw invalid('ECHO_MAX_STREAMS', text, 'a number of calls, at least 1');
  return { maxStreams: Number(text) };
}

function milliseconds(env: Env, variable: string, otherwise: number): number {
  const text = env[variable] ?? '';
  if (text === '') return otherwise;
  if (!/^\d{1,9}$/.test(text)) throw invalid(variable, text, 'whole milliseconds');
  return Number(text);
}

function list(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function invalid(variable: string, seen: string, wanted: string): RouteproofError {
  return new RouteproofError('INVALID_INPUT', 'the setting cannot be used', {
    object: `environment variable ${variable}`,
    seen: seen === '' ? 'nothing' : `"${seen}"`,
    hint: `set it to ${wanted}`,
  });
}
