/** What this folder's tests share: a server on free ports, and calls that report everything of both directions. */
import { Client, Metadata, credentials } from '@grpc/grpc-js';
import type { ChannelCredentials, StatusObject } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { serviceNames } from './config.ts';
import type { Config } from './config.ts';
import { startEchoServer } from './echo-server.ts';
import type { EchoServer } from './echo-server.ts';
import type { ProbeResponse } from './messages.ts';
import { protoFiles, serviceOf } from './protos.ts';
import { infrastructureProtoFiles } from './services/reflection.ts';

const protos = loadSync([...protoFiles(serviceNames), ...infrastructureProtoFiles()], {
  longs: Number,
  enums: String,
  defaults: true,
  oneofs: true,
});

const testConfig: Config = {
  identity: { pod: 'pod-1', namespace: 'ns-1', service: 'svc-1', node: 'node-1', ingress: '' },
  ports: [0],
  services: [...serviceNames],
  shutdownGraceMs: 5000,
  shutdownDelayMs: 0,
};

export function startTestServer(changes: Partial<Config> = {}): Promise<EchoServer> {
  return startEchoServer({ ...testConfig, ...changes });
}

/** How one call ended, seen from the client. */
export interface Outcome<T> {
  status: StatusObject;
  responses: T[];
  headers: Metadata | undefined;
}

export class TestClient {
  readonly client: Client;

  constructor(port: number, channelCredentials: ChannelCredentials = credentials.createInsecure()) {
    this.client = new Client(`localhost:${port}`, channelCredentials, {
      'grpc.max_receive_message_length': -1,
      // Else a client of the same port gets the connection of the one before it.
      'grpc.use_local_subchannel_pool': 1,
    });
  }

  /** Sends these messages and waits for the status. `path` is `package.Service/Method`. */
  call<T = ProbeResponse>(
    path: string,
    messages: object | object[],
    options: { metadata?: Record<string, string | Buffer>; deadlineMs?: number } = {},
  ): Promise<Outcome<T>> {
    const stream = this.open<T>(path, options);
    for (const message of [messages].flat()) stream.write(message);
    stream.end();
    return stream.outcome;
  }

  /** Opens a call of any kind as a stream. */
  open<T = ProbeResponse>(
    path: string,
    options: { metadata?: Record<string, string | Buffer>; deadlineMs?: number } = {},
  ): TestStream<T> {
    const [service = '', name = ''] = path.split('/');
    const method = serviceOf(protos, service)[name];
    if (method === undefined) throw new Error(`no method ${path}`);
    const metadata = new Metadata();
    for (const [key, value] of Object.entries(options.metadata ?? {})) metadata.set(key, value);
    const deadline = options.deadlineMs === undefined ? {} : { deadline: Date.now() + options.deadlineMs };
    const stream = this.client.makeBidiStreamRequest(
      `/${path}`,
      method.requestSerialize,
      method.responseDeserialize,
      metadata,
      deadline,
    );
    const responses: T[] = [];
    let headers: Metadata | undefined;
    stream.on('metadata', (received) => (headers = received));
    stream.on('data', (message: T) => responses.push(message));
    stream.on('error', () => undefined);
    const outcome = new Promise<Outcome<T>>((resolve) => {
      stream.on('status', (status) => {
        resolve({ status, responses, headers });
      });
    });
    return {
      outcome,
      write: (message) => stream.write(message),
      end: () => stream.end(),
      cancel: () => {
        stream.cancel();
      },
      next: () =>
        new Promise((resolve) => {
          stream.once('data', resolve);
        }),
    };
  }

  close(): void {
    this.client.close();
  }
}

export interface TestStream<T> {
  readonly outcome: Promise<Outcome<T>>;
  write(message: object): void;
  end(): void;
  cancel(): void;
  /** The next message that arrives. */
  next(): Promise<T>;
}
