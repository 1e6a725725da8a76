import { subscribe } from 'node:diagnostics_channel';
import type { IncomingHttpHeaders, ServerHttp2Session, ServerHttp2Stream } from 'node:http2';

/** What is counted of one HTTP/2 connection. */
export interface Pings {
  /** PING frames of the client so far; not those that acknowledge ours. */
  received: number;
}

interface Session {
  session: ServerHttp2Session;
  port: number | undefined;
  pings: Pings;
}

/** Metadata of a call whose connection the server is to leave at once, whatever its value. */
const leaveHeader = 'x-routeproof-leave';

/** RFC 9113 6.8: a first GOAWAY with this stream identifier announces another, and refuses nothing that is on its way. */
const lastOfAll = 2 ** 31 - 1;

/** Those that have had a call, by peer address; grpc-js shows its sessions to nobody. Node.js before 24.2 has no such channel. */
const open = new Map<string, Session>();
const known = new WeakSet<ServerHttp2Session>();
const left = new WeakSet<ServerHttp2Session>();

export function watchSessions(): void {
  subscribe('http2.server.stream.created', watch);
}

/** Of the connection that a call has come by; `peer` as grpc-js writes it, `address:port`. */
export function pingsOf(peer: string): Pings {
  return open.get(peer)?.pings ?? { received: 0 };
}

/** The first of two GOAWAYs to the clients of these ports. Whoever waits for a round trip before the second one loses none of their calls. */
export function announceLeaving(ports: readonly number[]): void {
  for (const { session, port = 0 } of open.values()) {
    if (ports.includes(port) && !session.destroyed) session.goaway(0, lastOfAll);
  }
}

function watch(created: unknown): void {
  const { headers, stream } = created as { headers: IncomingHttpHeaders; stream: ServerHttp2Stream };
  const session = stream.session as ServerHttp2Session | undefined;
  if (session === undefined) return;
  if (!known.has(session)) add(session);
  if (headers[leaveHeader] !== undefined && !left.has(session)) leave(session);
}

function add(session: ServerHttp2Session): void {
  known.add(session);
  const { remoteAddress = '', remotePort = 0, localPort: port } = session.socket;
  const peer = `${remoteAddress}:${remotePort}`;
  const pings = { received: 0 };
  open.set(peer, { session, port, pings });
  session.on('ping', () => {
    pings.received += 1;
  });
  session.once('close', () => open.delete(peer));
}

/**
 * As gRPC's own servers do at the end of a connection's age: the second GOAWAY names the last stream, once the peer has answered a PING
 * and so knows of the first. The calls on the connection go on. grpc-js leaves in one step, which a call on its way does not survive.
 */
function leave(session: ServerHttp2Session): void {
  left.add(session);
  session.goaway(0, lastOfAll);
  session.ping(() => {
    session.close();
  });
}
