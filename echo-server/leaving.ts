import { subscribe } from 'node:diagnostics_channel';
import type { Http2Session, IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';

/** Metadata of a call whose connection the server is to leave at once, whatever its value. */
const leaveHeader = 'x-routeproof-leave';
/** Names no stream that was taken: none that is on its way is lost. */
const noLastStream = 2 ** 31 - 1;

/**
 * Servers leave connections as gRPC's own do at the end of a connection's age, in two steps (RFC 9113 6.8): GOAWAY without an error, and another one with the last
 * stream once the peer has answered a PING, and so knows of the first. The calls on it go on. grpc-js leaves in one step, which a call on its way does not survive,
 * and tells a handler nothing of its connection.
 */
export function leaveWhenAsked(): void {
  subscribe('http2.server.stream.created', leaveIfAsked);
}

const left = new WeakSet<Http2Session>();

function leaveIfAsked(created: unknown): void {
  const { headers, stream } = created as { headers: IncomingHttpHeaders; stream: ServerHttp2Stream };
  const { session } = stream;
  if (headers[leaveHeader] === undefined || session === undefined || left.has(session)) return;
  left.add(session);
  session.goaway(0, noLastStream);
  session.ping(() => {
    session.close();
  });
}
