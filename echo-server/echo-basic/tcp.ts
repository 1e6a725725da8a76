import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { TLSSocket, createServer as createTlsServer } from 'node:tls';
import { identityFromEnv, parsePort } from '../config.ts';
import { describe } from '../tls-connections.ts';
import { readKeyPair } from '../tls-files.ts';
import { listenAll } from './listen.ts';
import type { Running } from './listen.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** The official suite's TCP echo: a greeting, then lines TEST, IS_TLS and PING; TLS on 8443 when a key pair is given. */
export async function startTcpEcho(env: Env): Promise<Running> {
  const tcpPort = parsePort('TCP_PORT', env['TCP_PORT'] ?? '3000');
  const tlsPort = parsePort('TLS_PORT', env['TLS_PORT'] ?? '8443');
  const { namespace, ingress, service, pod } = identityFromEnv(env);
  const context = { namespace, ingress, service, pod, tcpport: String(tcpPort), tlsport: String(tlsPort) };
  const serve = (socket: Socket): void => {
    converse(socket, context);
  };
  const listeners: [Server, number][] = [[createServer(serve), tcpPort]];
  const certFile = env['TLS_SERVER_CERT'] ?? '';
  const keyFile = env['TLS_SERVER_PRIV_KEY'] ?? '';
  if (certFile !== '' && keyFile !== '') {
    listeners.push([createTlsServer(readKeyPair({ certFile, keyFile }), serve), tlsPort]);
  }
  return listenAll('TCP echo', listeners);
}

function converse(socket: Socket, context: object): void {
  const tls = socket instanceof TLSSocket ? tlsOf(socket) : undefined;
  const payload = { ...context, isTLS: tls !== undefined, ...(tls === undefined ? {} : { tls }) };
  const answers: Record<string, string> = {
    TEST: JSON.stringify(payload),
    IS_TLS: String(tls !== undefined),
    PING: 'PONG',
  };
  // A client that resets its connection is no reason to stop.
  socket.on('error', () => socket.destroy());
  socket.write('Gateway API Test TCP Server\n');
  createInterface({ input: socket }).on('line', (line) => {
    const answer = answers[line];
    if (answer !== undefined) socket.write(`${answer}\n`);
  });
}

function tlsOf(socket: TLSSocket): object {
  const { version, serverName, alpn, cipher } = describe(socket);
  return { version, serverName, negotiatedProtocol: alpn, cipherSuite: cipher };
}
