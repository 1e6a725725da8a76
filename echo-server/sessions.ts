import { subscribe } from 'node:diagnostics_channel';
import type { ServerHttp2Session, ServerHttp2Stream } from 'node:http2';

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

/** RFC 9113 6.8: a first GOAWAY with this stream identifier announces another, and refuses nothing that is on its way. */
const lastOfAll = 2 ** 31 - 1;

/** Those that have had a call, by peer address; grpc-js shows its sessions to nobody. Node.js before 24.2 has no such channel. */
const open = new Map<string, Session>();
const known = new WeakSet<ServerHttp2Session>();

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
  const { session } = (created as { stream: ServerHttp2Stream }).stream;
  if (session === undefined || known.has(session as ServerHttp2Session)) return;
  add(session as ServerHttp2Session);
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
