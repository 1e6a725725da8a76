import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import {
  createConnection,
  createServer as createTcp,
  type AddressInfo,
  type Server,
  type Socket,
} from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { expect } from 'chai';
import { WebSocketServer, type WebSocket } from 'ws';
import { forwardBy } from './forward.ts';
import type { Forward } from './port-forwards.ts';

const pod = { namespace: 'shop', pod: 'gw-1', port: 10080 };
/** As the kubelet opens both streams of a port: data is 0, errors are 1, each begins with the port. */
const portWord = Buffer.from([pod.port & 0xff, pod.port >> 8]);

describe('a connection through the API server', () => {
  const api = createServer();
  const sockets = new WebSocketServer({ noServer: true });
  const dir = mkdtempSync(join(tmpdir(), 'rp-forward-'));
  const said: string[] = [];
  let forward: Forward;
  /** Answers the upgrade. */
  let upgrade: (request: IncomingMessage, accept: () => void, refuse: (code: number) => void) => void;
  let local: Server;
  let inside: Promise<Socket>;
  let caller: Socket;

  before(async () => {
    api.on('upgrade', (request, socket, head) => {
      upgrade(
        request,
        () =>
          sockets.handleUpgrade(request, socket, head, (made) => sockets.emit('connection', made, request)),
        (code) => socket.end(`HTTP/1.1 ${String(code)} No\r\nConnection: close\r\n\r\n`),
      );
    });
    api.listen(0, '127.0.0.1');
    await once(api, 'listening');
    const server = `http://127.0.0.1:${String((api.address() as AddressInfo).port)}`;
    const path = join(dir, 'kubeconfig');
    const config = {
      'current-context': 'a',
      contexts: [{ name: 'a', context: { cluster: 'a', user: 'a' } }],
      clusters: [{ name: 'a', cluster: { server, 'insecure-skip-tls-verify': true } }],
      users: [{ name: 'a', user: {} }],
    };
    writeFileSync(path, JSON.stringify(config));
    forward = await forwardBy(path, (what) => said.push(what));
  });
  after(() => {
    rmSync(dir, { recursive: true });
    sockets.close();
    api.closeAllConnections();
    api.close();
  });

  beforeEach(async () => {
    said.length = 0;
    upgrade = (_request, accept) => accept();
    local = createTcp({ pauseOnConnect: true });
    inside = once(local, 'connection').then(([socket]) => socket as Socket);
    local.listen(0, '127.0.0.1');
    await once(local, 'listening');
    caller = createConnection((local.address() as AddressInfo).port, '127.0.0.1');
  });
  afterEach(() => {
    caller.destroy();
    local.close();
  });

  const nextChannel = async (): Promise<WebSocket> => {
    const [made] = (await once(sockets, 'connection')) as [WebSocket];
    for (const stream of [0, 1]) made.send(Buffer.concat([Buffer.from([stream]), portWord]));
    return made;
  };
  const send = (to: WebSocket, stream: number, data: Buffer): void =>
    to.send(Buffer.concat([Buffer.from([stream]), data]));

  it('asks for the port of the pod, and carries both ways', async () => {
    let asked = '';
    upgrade = (request, accept) => {
      asked = request.url ?? '';
      accept();
    };
    const channel = nextChannel();
    const socket = await inside;
    await forward(pod, socket);
    socket.resume();
    const peer = await channel;
    peer.on('message', (data: Buffer) => send(peer, 0, data.subarray(1)));
    caller.write('ping');
    const [answer] = (await once(caller, 'data')) as [Buffer];
    expect(answer.toString()).to.equal('ping');
    expect(asked).to.equal('/api/v1/namespaces/shop/pods/gw-1/portforward?ports=10080');
  });

  it('hands on all that the pod has written before it ended', async () => {
    const whole = Buffer.alloc(8 * 1024 * 1024, 'x');
    const channel = nextChannel();
    const socket = await inside;
    await forward(pod, socket);
    const peer = await channel;
    for (let at = 0; at < whole.length; at += 64 * 1024) send(peer, 0, whole.subarray(at, at + 64 * 1024));
    peer.close();
    await once(peer, 'close');
    expect((await buffer(caller)).equals(whole)).to.equal(true);
  });

  it('ends with its caller, also while it is being made', async () => {
    for (const when of ['before', 'after'] as const) {
      const channel = nextChannel();
      const closed = channel.then((peer) => once(peer, 'close'));
      const socket = await inside;
      upgrade = (_request, accept) => {
        if (when === 'before') socket.once('close', accept).destroy();
        else accept();
      };
      await forward(pod, socket);
      if (when === 'after') socket.destroy();
      await closed;
      inside = once(local, 'connection').then(([next]) => next as Socket);
      caller = createConnection((local.address() as AddressInfo).port, '127.0.0.1');
    }
  });

  it('says with which status the API server refuses it', async () => {
    upgrade = (_request, _accept, refuse) => refuse(403);
    const failure: unknown = await forward(pod, await inside).catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(Error).with.property('message').that.includes('403');
  });

  it('ends where nothing listens in the pod, and says so once', async () => {
    for (const time of [1, 2]) {
      const channel = nextChannel();
      const socket = await inside;
      await forward(pod, socket);
      send(await channel, 1, Buffer.from(`connection refused (${String(time)})`));
      await once(socket, 'close');
      inside = once(local, 'connection').then(([next]) => next as Socket);
      caller = createConnection((local.address() as AddressInfo).port, '127.0.0.1');
    }
    expect(said).to.deep.equal(['port-forward to pod shop/gw-1, port 10080: connection refused (1)']);
  });
});
