import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createAuthority, issue } from '../dataplane/pki.ts';
import { ApiClient } from './api-client.ts';

/** A request that a test has to answer. */
export interface Received {
  method: string;
  /** Without query. */
  path: string;
  query: URLSearchParams;
  body: unknown;
  contentType: string | undefined;
  accept: string | undefined;
  token: string | undefined;
  response: ServerResponse;
  answer: (status: number, body: unknown) => void;
  /** One event of a watch; the response stays open. */
  event: (type: string, object: unknown) => void;
}

/** An API server on loopback that does only what a test tells it to. */
export class FakeApiServer {
  readonly client: ApiClient;
  readonly #server: Server;
  readonly #received: Received[] = [];
  #arrived: () => void = () => undefined;

  private constructor(server: Server, client: ApiClient) {
    this.#server = server;
    this.client = client;
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      void received(request, response).then((each) => {
        this.#received.push(each);
        this.#arrived();
      });
    });
  }

  static async start(): Promise<FakeApiServer> {
    const authority = await createAuthority(new Date());
    const own = await issue({
      authority,
      commonName: 'localhost',
      subjectAltName: { type: 'dns', value: 'localhost' },
      usage: 'server',
      notBefore: new Date(),
      validityDays: 1,
    });
    const server = createServer({ cert: own.certificate, key: own.privateKey }).listen(0, 'localhost');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const ca = authority.certificate;
    const client = new ApiClient({ host: 'localhost', port, ca, token: () => 'secret', namespace: 'test' });
    return new FakeApiServer(server, client);
  }

  /** The next request, in the order of arrival. */
  async next(): Promise<Received> {
    for (;;) {
      const received = this.#received.shift();
      if (received !== undefined) return received;
      await new Promise<void>((resolve) => (this.#arrived = resolve));
    }
  }

  async stop(): Promise<void> {
    this.client.close();
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

async function received(request: IncomingMessage, response: ServerResponse): Promise<Received> {
  let text = '';
  for await (const part of request.setEncoding('utf8')) text += part as string;
  const url = new URL(request.url ?? '/', 'https://localhost');
  return {
    method: request.method ?? '',
    path: url.pathname,
    query: url.searchParams,
    body: text === '' ? undefined : (JSON.parse(text) as unknown),
    contentType: request.headers['content-type'],
    accept: request.headers.accept,
    token: request.headers.authorization,
    response,
    answer: (status, body) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    },
    event: (type, object) => void response.write(`${JSON.stringify({ type, object })}\n`),
  };
}
