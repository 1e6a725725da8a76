import { subscribe } from 'node:diagnostics_channel';
import type { IncomingHttpHeaders, ServerHttp2Session, ServerHttp2Stream } from 'node:http2';
import type { Metadata } from '@grpc/grpc-js';

/** What is counted of one HTTP/2 connection. */
export interface Pings {
  /** PING frames of the client so far; not those that acknowledge ours. */
  received: number;
}

interface Watched {
  session: ServerHttp2Session;
  port: number | undefined;
  pings: Pings;
  /** Set once the client has been told that the connection is left. */
  announced?: Promise<void>;
}

/** Metadata of a call whose connection the server is to leave at once, whatever its value. */
const leaveHeader = 'x-routeproof-leave';

/** By which a handler finds the connection of its call: grpc-js shows it neither that nor its local port. */
export const connectionHeader = 'x-routeproof-connection';

/** RFC 9113 6.8: a first GOAWAY with this stream identifier announces another, and refuses nothing that is on its way. */
const lastOfAll = 2 ** 31 - 1;

/** From GOAWAY to the acknowledgement of a PING, on a busy machine. */
const longestRoundTripMs = 1000;

/** Open connections that have had a call: only calls tell of them. */
const called = new Map<string, Watched>();
const ids = new WeakMap<ServerHttp2Session, string>();
let connections = 0;
let isWatching = false;
let isBlind = false;

/** A call that asks for what this Node.js does not show: the caller gets UNIMPLEMENTED and the reason. */
export class Unseen extends Error {}

/** From now on the connection of each call is known. Node.js before 24.2 tells of none. */
export function watchSessions(): void {
  if (isWatching) return;
  isWatching = true;
  subscribe('http2.server.stream.created', watch);
}

/** Of the connection that a call has come by. undefined, and a line in the log, when this Node.js does not tell of it. */
export function pingsOf(metadata: Metadata): Pings | undefined {
  const pings = connectionOf(metadata)?.pings;
  if (pings === undefined && !isBlind) {
    isBlind = true;
    console.error(`${blindness}: no PING is counted, and no connection is left on request`);
  }
  return pings;
}

/** @throws Unseen - the call asks the server to leave a connection that it does not know of */
export function mustSeeWhatIsLeft(metadata: Metadata): void {
  if (metadata.get(leaveHeader).length > 0 && connectionOf(metadata) === undefined)
    throw new Unseen(`${leaveHeader}: ${blindness}`);
}

/** Tells the clients of these ports that their connections are left. Resolves when all of them know, or have gone. */
export async function announceLeaving(ports: readonly number[]): Promise<void> {
  const doomed = [...called.values()].filter(({ port = 0 }) => ports.includes(port));
  await Promise.all(doomed.map(announce));
}

const blindness = `Node.js ${process.versions.node} does not tell which connection a call came by, which 24.2 and newer do`;

function connectionOf(metadata: Metadata): Watched | undefined {
  return called.get(String(metadata.get(connectionHeader)[0]));
}

function watch(created: unknown): void {
  const { headers, stream } = created as { headers: IncomingHttpHeaders; stream: ServerHttp2Stream };
  const session = stream.session as ServerHttp2Session | undefined;
  if (session === undefined) return;
  const id = ids.get(session) ?? add(session);
  headers[connectionHeader] = id;
  const watched = called.get(id);
  if (headers[leaveHeader] !== undefined && watched !== undefined) void leave(watched);
}

/** Returns its name here. */
function add(session: ServerHttp2Session): string {
  connections += 1;
  const id = String(connections);
  const pings = { received: 0 };
  ids.set(session, id);
  called.set(id, { session, port: session.socket.localPort, pings });
  session.on('ping', () => {
    pings.received += 1;
  });
  session.once('close', () => called.delete(id));
  return id;
}

/**
 * As gRPC's own servers do at the end of a connection's age: the second GOAWAY names the last stream, once the client knows of the first.
 * The calls on the connection go on. grpc-js leaves in one step, which a call on its way does not survive.
 */
async function leave(watched: Watched): Promise<void> {
  await announce(watched);
  watched.session.close();
}

/** Once for each connection: a later GOAWAY may not name a later stream. */
function announce(watched: Watched): Promise<void> {
  return (watched.announced ??= sayGoaway(watched.session));
}

/**
 * The first of two GOAWAYs. Resolves when the client has acknowledged a PING, and so knows of it, or the connection has gone. A Node.js
 * client without calls goes at the first GOAWAY and does neither: it is not waited for any longer than a round trip takes.
 */
async function sayGoaway(session: ServerHttp2Session): Promise<void> {
  if (session.destroyed) return;
  session.goaway(0, lastOfAll);
  await new Promise<void>((resolve) => {
    const done = (): void => {
      resolve();
    };
    session.once('close', done);
    session.ping(done);
    setTimeout(done, longestRoundTripMs).unref();
  });
}
