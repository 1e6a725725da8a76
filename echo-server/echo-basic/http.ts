import { createServer as createHttp1Server } from 'node:http';
import { createServer as createH2cServer, createSecureServer } from 'node:http2';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Server, Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import { identityFromEnv, parsePort } from '../config.ts';
import type { Identity } from '../config.ts';
import { describe } from '../tls-connections.ts';
import { readKeyPair } from '../tls-files.ts';
import { listenAll, parseDurationMs } from './listen.ts';
import type { Running } from './listen.ts';

type Env = Readonly<Record<string, string | undefined>>;
type Request = IncomingMessage | Http2ServerRequest;
type Response = ServerResponse | Http2ServerResponse;

/** The official suite's HTTP echo: HTTP/1.1 on 3000, h2c on 3001, HTTPS on 8443 when a key pair is given. */
export async function startHttpEcho(env: Env): Promise<Running> {
  const port = (variable: string, otherwise: string): number =>
    parsePort(variable, env[variable] ?? otherwise);
  const httpPort = port('HTTP_PORT', '3000');
  const echo = { identity: identityFromEnv(env), httpPort };
  const handle = (request: Request, response: Response): void => void answer(request, response, echo);
  const listeners: [Server, number][] = [
    [createHttp1Server(handle), httpPort],
    [createH2cServer(handle), port('H2C_PORT', '3001')],
  ];
  const certFile = env['TLS_SERVER_CERT'] ?? '';
  const keyFile = env['TLS_SERVER_PRIVKEY'] ?? '';
  if (certFile !== '' && keyFile !== '') {
    const options = { ...readKeyPair({ certFile, keyFile }), allowHTTP1: true };
    listeners.push([createSecureServer(options, handle), port('HTTPS_PORT', '8443')]);
  }
  return listenAll('HTTP echo', listeners);
}

interface Echo {
  identity: Identity;
  httpPort: number;
}

async function answer(request: Request, response: Response, echo: Echo): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://echo');
  await setTimeout(parseDurationMs(url.searchParams.get('delay')));
  const status = /^\/status\/(\d{3})$/.exec(url.pathname);
  if (url.pathname === '/health') {
    end(response, 200, 'OK');
  } else if (url.pathname.startsWith('/status/')) {
    end(response, status === null ? 400 : Number(status[1]), '');
  } else {
    setAskedHeaders(request, response);
    response.setHeader('content-type', 'application/json');
    end(response, 200, JSON.stringify(describeRequest(request, echo), null, 1));
  }
}

/** What the official suite's HTTP client decodes; header names are spelt as Go's net/http spells them. */
function describeRequest(request: Request, { identity, httpPort }: Echo): object {
  const host = request.headers[':authority'] ?? request.headers.host ?? '';
  const { namespace, ingress, service, pod } = identity;
  const tls = isTls(request.socket) ? tlsOf(request.socket) : undefined;
  return {
    path: request.url,
    host,
    method: request.method,
    proto: request.httpVersionMajor === 2 ? 'HTTP/2.0' : `HTTP/${request.httpVersion}`,
    headers: canonicalHeaders(request),
    httpPort: String(httpPort),
    namespace,
    ingress,
    service,
    pod,
    ...(tls === undefined ? {} : { tls }),
  };
}

/** By property: HTTP/2 wraps the socket in a proxy that is no instance of TLSSocket. */
function isTls(socket: Socket): socket is TLSSocket {
  return 'encrypted' in socket && socket.encrypted === true;
}

function tlsOf(socket: TLSSocket): object {
  const { version, cipher, alpn, serverName, peerCertificates } = describe(socket);
  return { version, cipherSuite: cipher, negotiatedProtocol: alpn, serverName, peerCertificates };
}

function canonicalHeaders(request: Request): Record<string, string[]> {
  const headers: Record<string, string[]> = {};
  for (let index = 0; index + 1 < request.rawHeaders.length; index += 2) {
    const name = request.rawHeaders[index] ?? '';
    if (name.startsWith(':') || name.toLowerCase() === 'host') continue;
    (headers[canonicalName(name)] ??= []).push(request.rawHeaders[index + 1] ?? '');
  }
  return headers;
}

function canonicalName(name: string): string {
  return name.toLowerCase().replace(/(?:^|-)[a-z]/g, (start) => start.toUpperCase());
}

/** `X-Echo-Set-Header: name:value, other:value` asks for response headers. */
function setAskedHeaders(request: Request, response: Response): void {
  const asked = [request.headers['x-echo-set-header'] ?? []].flat();
  for (const pair of asked.flatMap((line) => line.split(','))) {
    const [name = '', value = ''] = pair.trim().split(/:(.*)/s);
    if (name === '') continue;
    const before = response.getHeader(name);
    response.setHeader(name, before === undefined ? value : `${String(before)},${value.trim()}`);
  }
}

function end(response: Response, status: number, body: string): void {
  response.statusCode = status;
  response.end(body);
}
