import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { K3sContainer, type StartedK3sContainer } from '@testcontainers/k3s';
import { execa } from 'execa';
import { getContainerRuntimeClient, ImageName } from 'testcontainers';
import { messageOf } from '../../common/errors.ts';
import { imageHint } from '../../common/k3s-image.ts';
import { StartFailure, type StartRequest } from './start-request.ts';

/**
 * Starts the node and waits until k3s says that it is ready.
 *
 * @returns the kubeconfig; on Linux with the node's own address, which is the same here and in the node's network
 * @throws StartFailure CONTAINER_ENGINE_MISSING, IMAGE_MISSING, CLUSTER_START_FAILED
 */
export async function startNode(request: StartRequest, say: (line: string) => void): Promise<string> {
  await ensureImage(request, say);
  say(`starting ${request.image}`);
  const log = new LastLines();
  const container = new K3sNode(request.image)
    .withName(request.node)
    .withLabels(request.labels)
    .withCommand(request.command)
    .withStartupTimeout(request.timeoutMs)
    .withLogConsumer((stream) => log.follow(stream))
    // Its reaper, ryuk, would end a cluster that is to stay, and its image is one more to be had; guard.ts does its work.
    .withAutoCleanup(false);
  try {
    return kubeconfigOf(await container.start());
  } catch (error) {
    throw new StartFailure('CLUSTER_START_FAILED', 'k3s did not become ready', {
      object: `container ${request.node}`,
      seen: [messageOf(error), ...(await log.end())].join('\n        '),
      hint: `see whether ${request.image} is an image of k3s, and docs/clusters.md`,
    });
  }
}

class K3sNode extends K3sContainer {
  protected override async beforeContainerCreated(): Promise<void> {
    await super.beforeContainerCreated();
    // Published for this machine, not for its network.
    for (const bindings of Object.values(
      this.hostConfig.PortBindings as Record<string, { HostIp?: string }[]>,
    ))
      for (const binding of bindings) binding.HostIp = '127.0.0.1';
  }
}

/** Pulled by the engine's own command, which has the user's credentials and says what is wrong; testcontainers would not say. */
async function ensureImage({ engine, image }: StartRequest, say: (line: string) => void): Promise<void> {
  const client = await getContainerRuntimeClient().catch((error: unknown) => {
    throw new StartFailure('CONTAINER_ENGINE_MISSING', `testcontainers cannot use ${engine.name}`, {
      object: process.env['DOCKER_HOST'] ?? engine.name,
      seen: messageOf(error),
      hint: 'set DOCKER_HOST to where the engine answers; DEBUG=testcontainers* shows what was tried',
    });
  });
  const { serverVersion } = client.info.containerRuntime;
  say(`testcontainers talks to ${engine.name} ${serverVersion}`);
  if (await client.image.exists(ImageName.fromString(image))) return;
  say(`pulling ${image}`);
  const pull = await execa(engine.name, ['pull', image], {
    env: engine.env,
    stdin: 'ignore',
    reject: false,
  });
  if (!pull.failed) return;
  const seen = (pull.stderr || (pull.shortMessage ?? '')).trim().split('\n').at(-1) ?? '';
  throw new StartFailure('IMAGE_MISSING', "k3s's image is not on this machine and cannot be pulled", {
    object: image,
    seen: `${engine.name}: ${seen}`,
    hint: imageHint(engine.name),
  });
}

function kubeconfigOf(node: StartedK3sContainer): string {
  if (process.platform !== 'linux') return node.getKubeConfig();
  const [network = 'bridge'] = node.getNetworkNames();
  return node.getAliasedKubeConfig(node.getIpAddress(network));
}

/** What k3s said last, which is gone with its container. */
class LastLines {
  readonly #lines: string[] = [];
  #ended: Promise<unknown> = Promise.resolve();

  follow(log: Readable): void {
    const reader = createInterface({ input: log });
    reader.on('line', (line) => {
      this.#lines.push(line);
      if (this.#lines.length > 8) this.#lines.shift();
    });
    this.#ended = once(reader, 'close');
  }

  /** When the log has ended, as it does with the container, or after 2 s. */
  async end(): Promise<string[]> {
    await Promise.race([this.#ended, delay(2000, undefined, { ref: false })]);
    return this.#lines;
  }
}
