import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Server as TcpServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { createServer as createTlsServer } from 'node:tls';
import type { Server as TlsServer } from 'node:tls';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import type { ConnectionInjector } from '@grpc/grpc-js';
import { RouteproofError, messageOf } from '../common/errors.ts';
import type { Config, TlsListener } from './config.ts';
import { keepTe } from './consumed-headers.ts';
import { Ledger } from './ledger.ts';
import { maxMessageBytes } from './behaviour.ts';
import { OpenSockets } from './open-sockets.ts';
import { loadProtos } from './protos.ts';
import { Receiver } from './received.ts';
import { Health } from './services/health.ts';
import { fullServiceNames, registerServices } from './services/register.ts';
import { announceLeaving, watchSessions } from './sessions.ts';
import { TlsConnections } from './tls-connections.ts';
import { readKeyPair, watchKeyPair } from './tls-files.ts';
import { triesServer } from './tries.ts';

export interface EchoServer {
  /** Bound plaintext ports, in the order of the configuration. */
  readonly ports: number[];
  readonly tlsPort: number | undefined;
  readonly httpPort: number | undefined;
  /** One line for the log. */
  readonly description: string;
  /** Resolves with the next certificate change that was taken over. */
  certificateReloaded(): Promise<void>;
  /** Health NOT_SERVING, no new connections, GOAWAY in two steps; calls in flight get their grace, then are cut off. */
  shutdown(): Promise<void>;
}

/**
 * Serves the configured services, plaintext and TLS at once.
 *
 * @throws RouteproofError INVALID_INPUT - a port is taken or the key pair cannot be used; nothing is left listening
 */
export async function startEchoServer(config: Config): Promise<EchoServer> {
  keepTe();
  watchSessions();
  const services = fullServiceNames(config.services);
  const shared = { protos: loadProtos(config.services), health: new Health(services) };
  const ledger = new Ledger();
  const sockets = new OpenSockets();
  const server = (connections?: TlsConnections): Server => {
    const grpcServer = new Server({
      ...grpcOptions,
      ...(config.maxStreams !== undefined && { 'grpc.max_concurrent_streams': config.maxStreams }),
    });
    const receiver = new Receiver(config.identity, ledger, connections);
    registerServices(grpcServer, config.services, { ...shared, receiver });
    return grpcServer;
  };

  const plain = server();
  const injector = plain.createConnectionInjector(ServerCredentials.createInsecure());
  const tls = config.tls === undefined ? undefined : tlsListener(config.tls, server, sockets);
  const listeners: TcpServer[] = config.ports.map(() => plainListener(injector, sockets));
  const wanted = [...config.ports];
  if (tls !== undefined && config.tls !== undefined) {
    listeners.push(tls.listener);
    wanted.push(config.tls.port);
  }
  if (config.httpPort !== undefined) {
    listeners.push(httpListener(config.identity.pod, sockets));
    wanted.push(config.httpPort);
  }
  const closeListeners = (): void => {
    tls?.stopWatching();
    for (const listener of listeners) listener.close();
  };
  const bound = await listenAll(listeners, wanted).catch((error: unknown) => {
    closeListeners();
    throw error;
  });
  const ports = bound.slice(0, config.ports.length);
  const tlsPort = config.tls === undefined ? undefined : bound[config.ports.length];
  const httpPort = config.httpPort === undefined ? undefined : bound.at(-1);
  return {
    ports,
    tlsPort,
    httpPort,
    description: describe(ports, { TLS: tlsPort, HTTP: httpPort }, services),
    certificateReloaded: () =>
      new Promise((resolve) => {
        tls?.listener.once('routeproof:reloaded', resolve);
      }),
    shutdown: async () => {
      shared.health.setStatus('NOT_SERVING');
      await pause(config.shutdownDelayMs);
      closeListeners();
      const closed = sockets.closed(config.shutdownGraceMs);
      await Promise.race([announceLeaving(tlsPort === undefined ? ports : [...ports, tlsPort]), closed]);
      // Sends the second GOAWAY. Its callback is not waited for: on Node 24 it comes while calls are still in flight.
      for (const each of tls === undefined ? [plain] : [plain, tls.server]) each.tryShutdown(() => undefined);
      await closed;
    },
  };
}

const grpcOptions = {
  'grpc.max_receive_message_length': maxMessageBytes,
  'grpc.enable_channelz': 0,
};

/**
 * Sockets are accepted here and handed to grpc-js, for TLS after the handshake: only so can a handler tell SNI and ALPN, and
 * a certificate change without a new listener.
 */
function plainListener(injector: ConnectionInjector, sockets: OpenSockets): TcpServer {
  return createTcpServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    injector.injectConnection(socket);
  });
}

/** Its connections are waited for like those of the others. */
function httpListener(pod: string, sockets: OpenSockets): TcpServer {
  const server = triesServer(pod);
  server.on('connection', (socket) => {
    sockets.add(socket);
  });
  return server;
}

interface Tls {
  listener: TlsServer;
  server: Server;
  stopWatching: () => void;
}

function tlsListener(
  files: TlsListener,
  newServer: (connections: TlsConnections) => Server,
  sockets: OpenSockets,
): Tls {
  const connections = new TlsConnections();
  const server = newServer(connections);
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  const options = { ALPNProtocols: ['h2'], requestCert: true, rejectUnauthorized: false };
  const listener = createTlsServer({ ...readKeyPair(files), ...options }, (socket) => {
    sockets.add(socket);
    connections.add(socket);
    injector.injectConnection(socket);
  });
  // A client that gives up in the handshake must not take the server down.
  listener.on('tlsClientError', () => undefined);
  const stopWatching = watchKeyPair(
    files,
    (pair) => {
      listener.setSecureContext(pair);
      listener.emit('routeproof:reloaded');
    },
    (error) => {
      console.error(messageOf(error));
    },
  );
  return { listener, server, stopWatching };
}

async function listenAll(listeners: TcpServer[], ports: number[]): Promise<number[]> {
  return Promise.all(listeners.map((listener, index) => listen(listener, ports[index] ?? 0)));
}

function listen(listener: TcpServer, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    listener.once('error', (error) => {
      reject(
        new RouteproofError('INVALID_INPUT', 'the port cannot be listened on', {
          object: `port ${port}`,
          seen: error.message,
          hint: 'free it, or choose another with ECHO_PORTS, ECHO_TLS_PORT or ECHO_HTTP_PORT',
          cause: error,
        }),
      );
    });
    listener.listen(port, () => {
      resolve((listener.address() as AddressInfo).port);
    });
  });
}

function describe(ports: number[], others: Record<string, number | undefined>, services: string[]): string {
  const more = Object.entries(others).map(([name, port]) =>
    port === undefined ? '' : `, ${name} on ${port}`,
  );
  return `serving h2c on ${ports.join(', ')}${more.join('')}: ${services.join(', ')}`;
}
