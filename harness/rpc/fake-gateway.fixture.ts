import {
  Metadata,
  Server,
  ServerCredentials,
  status,
  type sendUnaryData,
  type ServerUnaryCall,
} from '@grpc/grpc-js';
import type { ServiceDefinition } from '@grpc/proto-loader';
import { loadSync } from '@grpc/proto-loader';
import { echoProtoDir, type Message } from './protos.ts';

/** What the fake gateway does with a call: answer as a backend, or by itself. */
export type FakeAnswer = { pod: string } | { status: status; message?: string };

/**
 * A gateway and its backends in one grpc-js server: it answers as whatever pod the test wants, or as the proxy itself. Pods keep a
 * ledger, as the echo server does.
 */
export class FakeGateway {
  answer: (call: { authority: string; asked: number; metadata: Metadata; peer: string }) => FakeAnswer =
    () => ({
      pod: 'pod-1',
    });
  readonly #server = new Server();
  readonly #ledger = new Map<string, Message[]>();
  #asked = 0;
  /** Requests to the ledger. */
  questions = 0;
  port = 0;

  async start(): Promise<void> {
    const protos = loadSync('routeproof.proto', {
      includeDirs: [echoProtoDir],
      longs: Number,
      defaults: true,
    });
    this.#server.addService(protos['routeproof.v1.Probe'] as ServiceDefinition, {
      Unary: (call: ServerUnaryCall<Message, Message>, done: sendUnaryData<Message>) =>
        this.#unary(call, done),
    });
    this.#server.addService(protos['routeproof.v1.Ledger'] as ServiceDefinition, {
      Seen: (call: ServerUnaryCall<Message, Message>, done: sendUnaryData<Message>) => {
        this.questions += 1;
        const nonces = call.request['nonces'] as string[];
        done(null, { seen: nonces.map((nonce) => ({ calls: this.#ledger.get(nonce) ?? [] })) });
      },
    });
    this.port = await new Promise<number>((resolve, reject) => {
      this.#server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) =>
        error === null ? resolve(port) : reject(error),
      );
    });
  }

  stop(): void {
    this.#server.forceShutdown();
  }

  #unary(call: ServerUnaryCall<Message, Message>, done: sendUnaryData<Message>): void {
    this.#asked += 1;
    const answer = this.answer({
      authority: call.getHost(),
      asked: this.#asked,
      metadata: call.metadata,
      peer: call.getPeer(),
    });
    if (!('pod' in answer)) {
      done({ code: answer.status, details: answer.message ?? '', metadata: new Metadata() });
      return;
    }
    const received = {
      service: 'routeproof.v1.Probe',
      method: 'Unary',
      authority: call.getHost(),
      metadata: Object.entries(call.metadata.getMap()).map(([key, value]) => ({ key, value: String(value) })),
      backend: { pod: answer.pod },
    };
    for (const nonce of call.metadata.get('x-routeproof-nonce')) this.#ledger.set(String(nonce), [received]);
    const behaviour = call.request['behaviour'] as { statusCode?: status } | null;
    if (behaviour?.statusCode === undefined || behaviour.statusCode === status.OK) done(null, { received });
    else done({ code: behaviour.statusCode, details: 'as asked', metadata: new Metadata() });
  }
}
