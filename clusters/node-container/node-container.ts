import { readFileSync } from 'node:fs';
import { runEngine, type ContainerEngine } from '../../common/container-engine.ts';

/** The first process of a running node, undefined where it is another machine's, or root's matter. */
export async function nodePidOf(engine: ContainerEngine, node: string): Promise<number | undefined> {
  const format = '{{.State.Pid}} {{.Config.Hostname}}';
  const answer = await runEngine(engine, ['container', 'inspect', '--format', format, node]);
  const [pid, hostname] = answer.trim().split(' ');
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return undefined;
  try {
    // The engine may be a virtual machine's, whose process ids are other processes here.
    const seen = readFileSync(`/proc/${Number(pid)}/root/etc/hostname`, 'utf8').trim();
    return seen === hostname ? Number(pid) : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the engine has the node, and it runs. */
export async function nodeState(
  engine: ContainerEngine,
  node: string,
): Promise<'running' | 'stopped' | 'none'> {
  const args = ['container', 'inspect', '--format', '{{.State.Running}}', node];
  const running = await runEngine(engine, args).catch(() => undefined);
  if (running === undefined) return 'none';
  return running.trim() === 'true' ? 'running' : 'stopped';
}

/** In the engine's network: on Linux this machine can dial it. */
export async function addressOf(engine: ContainerEngine, node: string): Promise<string> {
  const format = '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}';
  return (await runEngine(engine, ['container', 'inspect', '--format', format, node])).trim();
}

/**
 * How many processes and threads the engine lets a node have; undefined: as many as the machine. Podman's own limit is 2,048, and a user's
 * settings may have another.
 */
export async function processLimitOf(engine: ContainerEngine, node: string): Promise<number | undefined> {
  const answer = await runEngine(engine, [
    'container',
    'inspect',
    '--format',
    '{{.HostConfig.PidsLimit}}',
    node,
  ]);
  const limit = Number(answer.trim());
  return limit > 0 ? limit : undefined;
}
