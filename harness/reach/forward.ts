import type { Socket } from 'node:net';
import { Writable } from 'node:stream';
import type { Forward } from './port-forwards.ts';

/** As much of a WebSocket as is used: its types come with a package that is for compilers alone. */
interface Channel {
  onclose: (() => void) | null;
  close: () => void;
}

/**
 * Through the API server and the kubelet, as `kubectl port-forward` does it, a WebSocket a connection.
 *
 * @param kubeconfigPath - default: as kubectl takes it
 * @param failed - is told, once for each port of a pod, what the kubelet says where nothing listens
 */
export async function forwardBy(
  kubeconfigPath: string | undefined,
  failed: (what: string) => void,
): Promise<Forward> {
  // 0.6 s to load: only those who forward wait for it.
  const { KubeConfig, PortForward } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  if (kubeconfigPath === undefined) config.loadFromDefault();
  else config.loadFromFile(kubeconfigPath);
  const forward = new PortForward(config);
  const refused = new Set<string>();
  return async ({ namespace, pod, port }, socket) => {
    const place = `pod ${namespace}/${pod}, port ${String(port)}`;
    const refusals = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        if (chunk.length > 0) {
          if (!refused.has(place)) failed(`port-forward to ${place}: ${chunk.toString().trim()}`);
          refused.add(place);
          socket.destroy();
        }
        done();
      },
    });
    const output = writableTo(socket);
    const channel = await opened(forward.portForward(namespace, pod, [port], output, refusals, socket));
    channel.onclose = () => output.end();
    // The caller may have gone while the channel was made.
    if (socket.destroyed) channel.close();
    else socket.once('close', () => channel.close());
  };
}

/** @throws Error - the upgrade was refused; the library throws the event of its WebSocket, which is none */
async function opened(channel: Promise<unknown>): Promise<Channel> {
  try {
    return (await channel) as Channel;
  } catch (error) {
    throw new Error((error as { message?: string }).message ?? String(error), { cause: error });
  }
}

/** What the pod has written goes out before its end. It may go on for a moment after the caller has gone. */
function writableTo(socket: Socket): Writable {
  return new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      if (socket.destroyed) done();
      else socket.write(chunk, () => done());
    },
    final: (done) => {
      socket.end();
      done();
    },
  });
}
