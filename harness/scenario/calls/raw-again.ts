import { given } from '../../../common/given.ts';
import type { CallRecord } from '../../results/run.ts';
import type { Message } from '../../rpc/protos.ts';
import { rawExchange } from '../../rpc/raw.ts';
import { statusName } from '../../rpc/status-names.ts';
import { dialName, type Target } from '../../rpc/target.ts';
import type { Call, RawResult } from '../../rpc/call.ts';
import { nonceHeader } from './call-once.ts';
import type { ScenarioCore } from '../core/core.ts';
import { toldByBackend } from './who-answered.ts';

/** Repeats a failed call without a gRPC library, so that the evidence shows what was on the wire. */
export async function rawAgain(core: ScenarioCore, call: Call, target: Target): Promise<void> {
  const method = core.env.protos.methodOrProbe(call.method ?? 'routeproof.v1.Probe/Unary');
  const headers: Record<string, string> = {
    'content-type': 'application/grpc',
    te: 'trailers',
    'grpc-timeout': `${String(call.deadlineMs ?? 5_000)}m`,
    [nonceHeader]: `${core.names.nonce}-raw`,
  };
  for (const [name, values] of Object.entries(call.metadata ?? {}))
    headers[name.toLowerCase()] = [values].flat().join(', ');
  const frames = [call.message ?? {}]
    .flat()
    .map((message) => grpcFrame(method.requestSerialize(message as Message)));
  const authority = target.authority ?? dialName(target);
  const atMs = core.timeline.nowMs();
  const raw = await rawExchange(
    { ...target, authority },
    {
      path: method.path,
      headers,
      body: Buffer.concat(frames),
      ...(target.tls === undefined
        ? {}
        : { tls: target.tls.serverName === undefined ? {} : { serverName: target.tls.serverName } }),
      httpVersion: '2',
    },
  );
  core.timeline.add({ kind: 'probe', object: `raw HTTP/2 to ${dialName(target)}`, text: describeRaw(raw) });
  const received = await toldByBackend(core, headers[nonceHeader] ?? '');
  core.keepCall({
    ...recordOf(raw, {
      atMs,
      durationMs: core.timeline.nowMs() - atMs,
      target: dialName(target),
      tls: target.tls !== undefined,
      authority,
      path: method.path,
      headers,
    }),
    ...given({ backend: received }),
  });
}

/** A message as gRPC puts it on the wire: not compressed, length, bytes. */
export function grpcFrame(message: Uint8Array): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

export function describeRaw(raw: RawResult): string {
  const find = (name: string): string | undefined =>
    [...raw.trailers, ...raw.headers].find(([key]) => key === name)?.[1];
  const facts = [
    ...(raw.alpn === undefined ? [] : [`ALPN ${String(raw.alpn)}`]),
    ...(raw.peerCertificateSans === undefined
      ? []
      : [`certificate for ${raw.peerCertificateSans.join(', ')}`]),
    ...(raw.httpStatus === undefined ? [] : [`HTTP ${String(raw.httpStatus)}`]),
    ...['content-type', 'server', 'grpc-status', 'grpc-message'].flatMap((name) => {
      const value = find(name);
      return value === undefined ? [] : [`${name}: ${value}`];
    }),
    ...(raw.error === undefined ? [] : [raw.error]),
  ];
  return `reached ${raw.reached}; ${facts.join(', ')}`;
}

function recordOf(
  raw: RawResult,
  of: {
    atMs: number;
    durationMs: number;
    target: string;
    tls: boolean;
    authority: string;
    path: string;
    headers: Record<string, string>;
  },
): CallRecord {
  const find = (name: string): string | undefined =>
    [...raw.trailers, ...raw.headers].find(([key]) => key === name)?.[1];
  const code = find('grpc-status');
  const grpcStatus = code === undefined ? null : Number(code);
  return {
    atMs: of.atMs,
    target: `${of.target} (raw HTTP/2)`,
    tls: of.tls,
    authority: of.authority,
    method: of.path.slice(1),
    durationMs: of.durationMs,
    grpcStatus,
    grpcStatusName: statusName(grpcStatus),
    grpcMessage: find('grpc-message') ?? '',
    requestMetadata: Object.entries(of.headers),
    responseHeaders: [
      ...(raw.httpStatus === undefined ? [] : [[':status', String(raw.httpStatus)] as [string, string]]),
      ...raw.headers,
    ],
    responseTrailers: raw.trailers,
    ...given({ error: raw.error }),
    role: 'raw',
  };
}
