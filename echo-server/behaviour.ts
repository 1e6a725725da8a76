import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { Metadata, status as grpcStatus } from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';
import type { Behaviour, MetadataEntry } from './messages.ts';
import { Unseen } from './sessions.ts';

/** 64 MiB: sixteen times the usual receive limit, so that a scenario can cross it, and small enough to hold in memory. */
export const maxMessageBytes = 64 * 1024 * 1024;

interface FinalStatus {
  code: number;
  details: string;
  metadata: Metadata;
}

/** How to answer one call, checked before anything is sent. */
export interface Plan {
  /** Undefined sends no headers of our own: with an error status the answer is then trailers only. */
  initialMetadata: Metadata | undefined;
  delayMs: number;
  responseCount: number;
  responseIntervalMs: number;
  payload: Uint8Array;
  /** How many messages of the caller to wait for; Infinity waits for all. */
  endAfterMessages: number;
  status: FinalStatus;
}

export type StatusMessage = MessageTypeDefinition<object, object>;

/** A request that asks for what gRPC cannot send: the caller gets INVALID_ARGUMENT and the reason. */
class BadBehaviour extends Error {}

/** @throws BadBehaviour */
export function planOf(behaviour: Partial<Behaviour> | null, rpcStatus: StatusMessage): Plan {
  const wanted = behaviour ?? {};
  const size = wanted.responseSizeBytes ?? 0;
  if (size > maxMessageBytes)
    throw new BadBehaviour(`response_size_bytes is ${size}, at most ${maxMessageBytes}`);
  const initial = wanted.initialMetadata ?? [];
  return {
    initialMetadata: initial.length === 0 ? undefined : toMetadata(initial),
    delayMs: wanted.delayMs ?? 0,
    responseCount: wanted.noResponse === true ? 0 : Math.max(1, wanted.responseCount ?? 0),
    responseIntervalMs: wanted.responseIntervalMs ?? 0,
    payload: new Uint8Array(size),
    endAfterMessages: (wanted.endAfterMessages ?? 0) || Number.POSITIVE_INFINITY,
    status: finalStatus(wanted, rpcStatus),
  };
}

/** grpc-js says 'cancelled' at the end of every call, and a DOMException of its own for each is a seventh of an echo's CPU. */
const clientGone = new DOMException('The client went away.', 'AbortError');

/** Ends with the call: what waits on this signal stops when the client goes away. */
export function cancellationOf(call: NodeJS.EventEmitter): AbortSignal {
  const gone = new AbortController();
  call.once('cancelled', () => {
    gone.abort(clientGone);
  });
  return gone.signal;
}

/** @throws AbortError when the client goes away first */
export async function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  if (durationMs > 0) await setTimeout(durationMs, undefined, { signal });
}

/** Writes one message and waits while the client does not keep up. @throws AbortError when the client goes away */
export async function send<T>(
  call: NodeJS.EventEmitter & { write(message: T): boolean },
  message: T,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  if (!call.write(message)) await once(call, 'drain', { signal });
}

/** The status for an error of a handler. */
export function failure(error: unknown): { code: number; details: string } {
  return { code: codeFor(error), details: error instanceof Error ? error.message : String(error) };
}

function codeFor(error: unknown): number {
  if (error instanceof BadBehaviour) return grpcStatus.INVALID_ARGUMENT;
  return error instanceof Unseen ? grpcStatus.UNIMPLEMENTED : grpcStatus.INTERNAL;
}

function finalStatus(behaviour: Partial<Behaviour>, rpcStatus: StatusMessage): FinalStatus {
  const { statusCode: code = 0, statusMessage: details = '', statusDetails = [] } = behaviour;
  const metadata = toMetadata(behaviour.trailingMetadata ?? []);
  if (statusDetails.length > 0) {
    const encoded = rpcStatus.serialize({ code, message: details, details: statusDetails });
    metadata.set('grpc-status-details-bin', encoded);
  }
  return { code, details, metadata };
}

function toMetadata(entries: MetadataEntry[]): Metadata {
  const metadata = new Metadata();
  for (const { key, value } of entries) {
    try {
      metadata.add(key, key.endsWith('-bin') ? Buffer.from(value, 'base64') : value);
    } catch (error) {
      throw new BadBehaviour(`metadata ${key}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return metadata;
}
