import * as grpc from '@grpc/grpc-js';

const identity = (bytes: Buffer): Buffer => bytes;
const definition = (path: string, streams: boolean): grpc.MethodDefinition<Buffer, Buffer> => ({
  path,
  requestStream: streams,
  responseStream: streams,
  requestSerialize: identity,
  requestDeserialize: identity,
  responseSerialize: identity,
  responseDeserialize: identity,
});

export interface EchoBackend {
  port: number;
  /** Metadata of the calls received, in order. */
  received: grpc.Metadata[];
  stop: () => void;
}

/**
 * A gRPC server on loopback that answers `name`: `/echo.Echo/Unary` and `/echo.Other/Unary`, and `/echo.Echo/Bidi`, which answers
 * each message with itself.
 */
export async function startEcho(name: string): Promise<EchoBackend> {
  const server = new grpc.Server();
  const received: grpc.Metadata[] = [];
  const unary: grpc.handleUnaryCall<Buffer, Buffer> = (call, done) => {
    received.push(call.metadata);
    const trailers = new grpc.Metadata();
    trailers.set('x-trailer', name);
    if (call.metadata.get('x-fail').length > 0) {
      trailers.set('grpc-status-details-bin', Buffer.from('details'));
      done({ code: grpc.status.DATA_LOSS, details: 'as asked', metadata: trailers });
    } else if (call.metadata.get('x-hang').length === 0) done(null, Buffer.from(name), trailers);
  };
  const bidi: grpc.handleBidiStreamingCall<Buffer, Buffer> = (call) => {
    received.push(call.metadata);
    call.on('data', (bytes: Buffer) => call.write(bytes));
    call.on('end', () => call.end());
  };
  server.addService(
    { unary: definition('/echo.Echo/Unary', false), bidi: definition('/echo.Echo/Bidi', true) },
    { unary, bidi },
  );
  server.addService({ unary: definition('/echo.Other/Unary', false) }, { unary });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  return { port, received, stop: () => server.forceShutdown() };
}

export interface EchoAnswer {
  code: grpc.status;
  details: string;
  /** Name of the backend that answered. */
  backend: string | undefined;
  headers: grpc.Metadata;
  trailers: grpc.Metadata;
}

export interface EchoCall {
  host: string;
  method?: string;
  metadata?: Record<string, string | string[]>;
  deadlineMs?: number;
}

/** A client of one connection. */
export class EchoClient {
  readonly #client: grpc.Client;
  constructor(
    port: number,
    credentials = grpc.credentials.createInsecure(),
    options: grpc.ClientOptions = {},
  ) {
    this.#client = new grpc.Client(`127.0.0.1:${port}`, credentials, {
      'grpc.initial_reconnect_backoff_ms': 20,
      'grpc.max_reconnect_backoff_ms': 100,
      ...options,
    });
  }

  call({
    host,
    method = '/echo.Echo/Unary',
    metadata = {},
    deadlineMs = 5000,
  }: EchoCall): Promise<EchoAnswer> {
    const options = { host, deadline: Date.now() + deadlineMs };
    return new Promise((resolve) => {
      let headers = new grpc.Metadata();
      let backend: string | undefined;
      const call = this.#client.makeUnaryRequest(
        method,
        identity,
        identity,
        Buffer.alloc(0),
        toMetadata(metadata),
        options,
        (_error, answer) => (backend = answer?.toString()),
      );
      call.on('metadata', (received: grpc.Metadata) => (headers = received));
      call.on('status', ({ code, details, metadata: trailers }) => {
        // After the answer's callback, which grpc-js calls in the same turn.
        setImmediate(() => resolve({ code, details, backend, headers, trailers }));
      });
    });
  }

  stream(host: string, metadata: Record<string, string> = {}): grpc.ClientDuplexStream<Buffer, Buffer> {
    const sent = toMetadata(metadata);
    const stream = this.#client.makeBidiStreamRequest('/echo.Echo/Bidi', identity, identity, sent, { host });
    // How it ends is seen by its status; an error without a listener would end the process.
    stream.on('error', () => undefined);
    return stream;
  }

  close(): void {
    this.#client.close();
  }
}

function toMetadata(values: Record<string, string | string[]>): grpc.Metadata {
  const metadata = new grpc.Metadata({ waitForReady: true });
  for (const [key, value] of Object.entries(values)) {
    for (const each of [value].flat()) metadata.add(key, each);
  }
  return metadata;
}
