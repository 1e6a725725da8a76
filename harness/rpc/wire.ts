import { Metadata, type Client, type ClientDuplexStream, type StatusObject } from '@grpc/grpc-js';
import type { Message, Method } from './protos.ts';

export type Pairs = [string, string][];

/** What one call brought back, before anything is made of it. */
export interface WireAnswer {
  /** gRPC status; a local failure has one too (UNAVAILABLE, ...), see `fromPeer`. */
  status: number;
  message: string;
  /** Whether the peer sent anything (headers or trailers): only then is the status its own. */
  fromPeer: boolean;
  headers: Pairs;
  trailers: Pairs;
  responses: Message[];
}

export interface WireCall {
  method: Method;
  messages: Message[];
  metadata: Metadata;
  deadlineMs: number;
  signal?: AbortSignal;
}

/** One call to its end. Every kind of method goes through the bidi shape: on the wire they are the same. */
export function exchange(client: Client, call: WireCall): Promise<WireAnswer> {
  const stream = openBidi(client, call);
  const answer = collect(stream);
  for (const message of call.messages) stream.write(message);
  stream.end();
  const abort = (): void => stream.cancel();
  call.signal?.addEventListener('abort', abort);
  return answer.finally(() => call.signal?.removeEventListener('abort', abort));
}

export function openBidi(
  client: Client,
  call: Pick<WireCall, 'method' | 'metadata' | 'deadlineMs'>,
): ClientDuplexStream<Message, Message> {
  const { path, requestSerialize, responseDeserialize } = call.method;
  const options = Number.isFinite(call.deadlineMs) ? { deadline: Date.now() + call.deadlineMs } : {};
  return client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize, call.metadata, options);
}

function collect(stream: ClientDuplexStream<Message, Message>): Promise<WireAnswer> {
  return new Promise((resolve) => {
    let headers: Pairs | undefined;
    let status: StatusObject | undefined;
    let ended = false;
    const responses: Message[] = [];
    const settle = (): void => {
      if (status === undefined || !ended) return;
      const trailers = pairsOf(status.metadata);
      resolve({
        status: status.code,
        message: status.details,
        fromPeer: headers !== undefined || trailers.length > 0,
        headers: headers ?? [],
        trailers,
        responses,
      });
    };
    stream.on('metadata', (metadata: Metadata) => {
      headers = pairsOf(metadata);
    });
    stream.on('data', (message: Message) => responses.push(message));
    stream.on('end', () => {
      ended = true;
      settle();
    });
    stream.on('status', (final: StatusObject) => {
      status = final;
      settle();
    });
    // The status event says it all; without a listener this one would be thrown.
    stream.on('error', () => undefined);
  });
}

/** Metadata as name and value; values of -bin keys in base64. */
export function pairsOf(metadata: Metadata): Pairs {
  const pairs: Pairs = [];
  for (const name of Object.keys(metadata.getMap())) {
    for (const value of metadata.get(name)) {
      pairs.push([name, typeof value === 'string' ? value : value.toString('base64')]);
    }
  }
  return pairs;
}

/** @param given - values of -bin keys in base64 */
export function metadataOf(given: Record<string, string | string[]>): Metadata {
  const metadata = new Metadata();
  for (const [name, values] of Object.entries(given)) {
    for (const value of [values].flat()) {
      metadata.add(name, name.toLowerCase().endsWith('-bin') ? Buffer.from(value, 'base64') : value);
    }
  }
  return metadata;
}

export function groupPairs(pairs: Pairs): Map<string, string[]> {
  const grouped = new Map<string, string[]>();
  for (const [name, value] of pairs) grouped.set(name, [...(grouped.get(name) ?? []), value]);
  return grouped;
}
