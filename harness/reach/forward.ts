import { Writable } from 'node:stream';
import type { Socket } from 'node:net';
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
  /** One word of each: where a listener may be gone, or resets connections, every call has it. */
  const refused = new Set<string>();
  return async ({ namespace, pod, port }, socket) => {
    const refusals = new Writable({
      // The kubelet's words where nothing listens in the pod.
      write: (chunk: Buffer, _encoding, done) => {
        if (chunk.length > 0) {
          if (!refused.has(pod))
            failed(`port-forward to pod ${namespace}/${pod}: ${chunk.toString().trim()}`);
          refused.add(pod);
          socket.destroy();
        }
        done();
      },
    });
    const joined: unknown = await forward.portForward(
      namespace,
      pod,
      [port],
      writableTo(socket),
      refusals,
      socket,
    );
    const channel = joined as Channel;
    socket.once('close', () => channel.close());
    // What has been written goes out first.
    channel.onclose = () => socket.end();
  };
}

/** The pod may go on for a moment after the caller has gone. */
function writableTo(socket: Socket): Writable {
  return new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      if (socket.destroyed) done();
      else socket.write(chunk, () => done());
    },
  });
}
