import { connect, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2';
import { messageOf } from '../../common/errors.ts';
import { given } from '../../common/given.ts';
import type { HeldConnection, RawCall } from './call.ts';
import { dial, firstSettings, secure, type RawTarget } from './raw.ts';
import { dialName } from './target.ts';

const timeoutMs = 5_000;

/**
 * An HTTP/2 connection that stays, with a call on it that its caller does not finish: a gRPC library would hide how it ends.
 *
 * @throws Error - no connection, or the peer does not speak HTTP/2
 */
export async function holdConnection(
  target: RawTarget,
  call: RawCall,
): Promise<{ connection: HeldConnection; close: () => void }> {
  const plain = await dial(target, timeoutMs);
  const socket = call.tls === undefined ? plain : await secure(plain, target, call.tls, {});
  const session = connect(`http://${dialName(target)}`, { createConnection: () => socket });
  // Each ending is seen by `isOpen`; without a listener an error would be thrown.
  session.on('error', () => undefined);
  let isLeaving = false;
  session.on('goaway', () => (isLeaving = true));
  await firstSettings(session);
  // The dial's limit is for its silence; this connection may be silent as long as it likes.
  plain.setTimeout(0);
  request(session, target, call).on('error', () => undefined);
  return {
    connection: {
      ask: ({ host: authority = target.authority, headers } = {}) =>
        ask(session, { ...target, authority }, { ...call, headers: { ...call.headers, ...headers } }),
      get isOpen() {
        return !session.closed && !session.destroyed;
      },
      get isLeaving() {
        return isLeaving;
      },
    },
    close: () => session.destroy(),
  };
}

function request(session: ClientHttp2Session, target: RawTarget, call: RawCall): ClientHttp2Stream {
  return session.request(
    {
      ':method': 'POST',
      ':path': call.path,
      ':scheme': call.tls === undefined ? 'http' : 'https',
      ':authority': target.authority,
      'content-type': 'application/grpc',
      te: 'trailers',
      ...call.headers,
    },
    { endStream: false },
  );
}

function ask(
  session: ClientHttp2Session,
  target: RawTarget,
  call: RawCall,
): Promise<{ httpStatus?: number; error?: string }> {
  return new Promise((resolve) => {
    let stream: ClientHttp2Stream;
    try {
      stream = request(session, target, call);
    } catch (error) {
      resolve({ error: messageOf(error) });
      return;
    }
    let error: string | undefined;
    let httpStatus: number | undefined;
    stream.setTimeout(timeoutMs, () => stream.close());
    stream.on('response', (headers) => (httpStatus = Number(headers[':status'])));
    stream.on('error', (failure) => (error = messageOf(failure)));
    stream.on('close', () =>
      resolve({
        ...given({ httpStatus, error }),
      }),
    );
    stream.resume().end(call.body === undefined ? undefined : Buffer.from(call.body));
  });
}
