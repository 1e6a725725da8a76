import {
  connect as connectHttp2,
  constants,
  type ClientHttp2Session,
  type IncomingHttpHeaders,
} from 'node:http2';
import { request as httpRequest } from 'node:http';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { Place } from '../reach/reach.ts';
import type { RawCall, RawResult } from './call.ts';
import type { Layer } from '../results/run.ts';
import { dialName } from './target.ts';
import { messageOf } from '../../common/errors.ts';

export interface RawTarget {
  address: string;
  port: number;
  /** See Target. */
  dial?: Place;
  authority: string;
}

type Result = RawResult & { reached: Layer };

/** One exchange on a connection of its own. Nothing is thrown: what went wrong is in `error`, how far it came in `reached`. */
export async function rawExchange(target: RawTarget, call: RawCall, timeoutMs = 5_000): Promise<RawResult> {
  const result: Result = { headers: [], trailers: [], body: new Uint8Array(), reached: 'programmed' };
  let socket: Socket | undefined;
  try {
    socket = await dial(target, timeoutMs);
    result.reached = 'connect';
    if (call.tls !== undefined) {
      socket = await secure(socket, target, call.tls, result);
      result.reached = 'tls';
    }
    const version = call.httpVersion ?? (result.alpn === 'http/1.1' ? '1.1' : '2');
    await (version === '2' ? overHttp2 : overHttp1)(socket, target, call, result, timeoutMs);
  } catch (error) {
    result.error = describeFailure(error);
  } finally {
    socket?.destroy();
  }
  return result;
}

/** Settles once the TCP connection stands; silence of `timeoutMs` ends it, also later. */
export function dial(target: RawTarget, timeoutMs: number): Promise<Socket> {
  const { address, port } = target.dial ?? target;
  return new Promise((resolve, reject) => {
    const socket = connectTcp({ host: address, port });
    socket.setTimeout(timeoutMs, () => socket.destroy(new Error(`no answer within ${String(timeoutMs)} ms`)));
    socket.once('connect', () => resolve(socket));
    socket.on('error', reject);
  });
}

export function secure(
  raw: Socket,
  target: RawTarget,
  tls: NonNullable<RawCall['tls']>,
  result: Pick<RawResult, 'alpn' | 'peerCertificateSans'>,
): Promise<TLSSocket> {
  const serverName = tls.serverName ?? target.authority.replace(/:\d+$/, '');
  return new Promise((resolve, reject) => {
    const socket = connectTls({
      socket: raw,
      ALPNProtocols: tls.alpn ?? ['h2'],
      // What the peer presents is the finding; whether to trust it is not asked here.
      rejectUnauthorized: false,
      ...(serverName === '' ? {} : { servername: serverName }),
    });
    socket.once('secureConnect', () => {
      if (socket.alpnProtocol !== null) result.alpn = socket.alpnProtocol;
      result.peerCertificateSans = sansOf(socket);
      resolve(socket);
    });
    socket.on('error', reject);
    raw.once('close', () => reject(new Error('connection closed during the TLS handshake')));
  });
}

function sansOf(socket: TLSSocket): string[] {
  const names = socket.getPeerCertificate().subjectaltname ?? '';
  return names
    .split(', ')
    .filter((name) => name !== '')
    .map((name) => name.replace(/^DNS:/, ''));
}

async function overHttp2(
  socket: Socket,
  target: RawTarget,
  call: RawCall,
  result: Result,
  timeoutMs: number,
): Promise<void> {
  const session = connectHttp2(`http://${dialName(target)}`, { createConnection: () => socket });
  try {
    await firstSettings(session);
    result.reached = 'http2';
    await requestHttp2(session, target, call, result, timeoutMs);
  } finally {
    session.destroy();
  }
}

/** The peer speaks HTTP/2 once its SETTINGS have come. */
export function firstSettings(session: ClientHttp2Session): Promise<void> {
  return new Promise((resolve, reject) => {
    session.once('remoteSettings', () => resolve());
    session.on('error', reject);
    session.once('close', () => reject(new Error('connection closed before HTTP/2 settings')));
    session.once('goaway', (code) => reject(new Error(`GOAWAY ${String(code)}`)));
  });
}

function requestHttp2(
  session: ClientHttp2Session,
  target: RawTarget,
  call: RawCall,
  result: Result,
  timeoutMs: number,
): Promise<void> {
  const stream = session.request({
    ':method': call.httpMethod ?? 'POST',
    ':path': call.path,
    ':scheme': call.tls === undefined ? 'http' : 'https',
    ':authority': target.authority,
    ...call.headers,
  });
  const chunks: Buffer[] = [];
  return new Promise((resolve, reject) => {
    stream.setTimeout(timeoutMs, () => stream.close(constants.NGHTTP2_CANCEL));
    stream.on('response', (headers, _flags, rawHeaders?: string[]) => {
      result.reached = 'routed';
      result.httpStatus = Number(headers[':status']);
      result.headers = headerList(headers, rawHeaders);
    });
    stream.on('trailers', (headers: IncomingHttpHeaders, _flags: number, rawHeaders?: string[]) => {
      result.reached = 'trailers';
      result.trailers = headerList(headers, rawHeaders);
    });
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('error', reject);
    stream.on('close', () => {
      result.body = Buffer.concat(chunks);
      const code = stream.rstCode;
      if (code !== constants.NGHTTP2_NO_ERROR) result.error = `RST_STREAM ${rstName(code)}`;
      resolve();
    });
    stream.end(call.body === undefined ? undefined : Buffer.from(call.body));
  });
}

function overHttp1(socket: Socket, target: RawTarget, call: RawCall, result: Result): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      createConnection: () => socket,
      method: call.httpMethod ?? (call.body === undefined ? 'GET' : 'POST'),
      path: call.path,
      headers: { host: target.authority, ...call.headers },
    });
    request.on('response', (response) => {
      result.reached = 'routed';
      if (response.statusCode !== undefined) result.httpStatus = response.statusCode;
      result.headers = pairUp(response.rawHeaders);
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        result.body = Buffer.concat(chunks);
        result.trailers = pairUp(response.rawTrailers);
        resolve();
      });
    });
    request.on('upgrade', (response) => {
      result.reached = 'http2';
      if (response.statusCode !== undefined) result.httpStatus = response.statusCode;
      result.headers = pairUp(response.rawHeaders);
      resolve();
    });
    request.on('error', reject);
    request.end(call.body === undefined ? undefined : Buffer.from(call.body));
  });
}

/** Pseudo-headers left out: the status has a field of its own. */
function headerList(headers: IncomingHttpHeaders, raw: string[] | undefined): [string, string][] {
  const pairs =
    raw === undefined
      ? Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)])
      : pairUp(raw);
  return pairs.filter(([name]) => !name.startsWith(':'));
}

function pairUp(flat: string[]): [string, string][] {
  const pairs: [string, string][] = [];
  for (let at = 0; at + 1 < flat.length; at += 2) pairs.push([flat[at] ?? '', flat[at + 1] ?? '']);
  return pairs;
}

function rstName(code: number): string {
  const names = Object.entries(constants).filter(
    ([name, value]) => name.startsWith('NGHTTP2_') && value === code,
  );
  const name = names.find(([key]) => !/FLAG|ERR_|SESSION|STREAM_STATE|SETTINGS|NV_/.test(key))?.[0];
  return `${(name ?? '').replace('NGHTTP2_', '')} (${String(code)})`;
}

function describeFailure(error: unknown): string {
  const code = (error as { code?: string }).code;
  const message = messageOf(error);
  return code === undefined || message.includes(code) ? message : `${code}: ${message}`;
}
