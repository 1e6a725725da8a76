import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { toolPath } from '../../common/tools.ts';
import type { Cluster } from '../provider.ts';
import { setVariable } from './set-variable.ts';

// Above what a start has taken on a machine with ten times its load.
export const clusterTimeoutMs = 120_000;
const imagesFile = fileURLToPath(new URL('test-images.yaml', import.meta.url));

/** A state directory of the test's own, and the images that its pods use; `dispose` restores what was set. */
export function useOwnState(): { dir: string; dispose(): void } {
  const dir = mkdtempSync(join(tmpdir(), 'rp-clusters-'));
  const restore = [setVariable('ROUTEPROOF_STATE', dir), setVariable('ROUTEPROOF_IMAGES', imagesFile)];
  const dispose = (): void => {
    rmSync(dir, { recursive: true, force: true });
    for (const each of restore) each();
  };
  return { dir, dispose };
}

export interface CommandResult {
  stdout: string;
  stderr: string;
  exitCode: number | undefined;
}

/** Runs a command in the cluster's network; an exit code is a result like any other. */
export async function runIn(
  cluster: Cluster,
  argv: [string, ...string[]],
  input = '',
): Promise<CommandResult> {
  const { file, args, env } = cluster.command(argv);
  const { stdout, stderr, exitCode } = await execa(file, args, { env, input, reject: false });
  return { stdout, stderr, exitCode };
}

/** Runs kubectl. @throws Error - with what it said, when it fails */
export async function kubectl(cluster: Cluster, ...args: string[]): Promise<string> {
  const result = await runIn(cluster, [toolPath('kubectl'), ...args]);
  if (result.exitCode !== 0) throw new Error(`kubectl ${args.join(' ')}: ${result.stderr}`);
  return result.stdout;
}

export async function apply(cluster: Cluster, ...objects: object[]): Promise<void> {
  const list = { apiVersion: 'v1', kind: 'List', items: objects };
  const result = await runIn(cluster, [toolPath('kubectl'), 'apply', '-f', '-'], JSON.stringify(list));
  if (result.exitCode !== 0) throw new Error(result.stderr);
}

/** Waits by watch for a JSONPath of an object to have a value. */
export async function until(cluster: Cluster, object: string, path: string, value: string): Promise<void> {
  await kubectl(cluster, 'wait', object, `--for=jsonpath=${path}=${value}`, '--timeout=60s');
}

/** Waits by watch for an Event about a pod. */
export async function untilEvent(cluster: Cluster, pod: string, reason: string, text: string): Promise<void> {
  const about = `--field-selector=involvedObject.name=${pod},reason=${reason}`;
  const output = '--output=jsonpath={.message}{"\\n"}';
  const events = kubectlProcess(cluster, 'get', 'events', about, '--watch', output);
  const closed = once(events, 'close');
  try {
    for await (const line of createInterface({ input: events.stdout })) if (line === text) return;
    throw new Error(`kubectl ended before there was an event ${reason}: ${text}`);
  } finally {
    events.kill();
    await closed;
  }
}

/** Follows a container's log. @returns a function that waits until it has ended, with the container, and gives all of it */
export async function followLog(
  cluster: Cluster,
  pod: string,
  container: string,
): Promise<() => Promise<string>> {
  const following = kubectlProcess(cluster, 'logs', '--follow', pod, '--container', container);
  let text = '';
  following.stdout.on('data', (chunk) => (text += String(chunk)));
  const closed = once(following, 'close');
  await once(following.stdout, 'data');
  return () => closed.then(() => text);
}

function kubectlProcess(cluster: Cluster, ...argv: string[]): ChildProcessByStdio<null, Readable, null> {
  const { file, args, env } = cluster.command([toolPath('kubectl'), ...argv]);
  return spawn(file, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'ignore'] });
}

/** An HTTP request from the node's network. */
export async function httpGet(cluster: Cluster, url: string): Promise<CommandResult> {
  return runIn(cluster, [process.execPath, '-e', httpGetScript, url]);
}

/** For Node's -e: prints the answer's body, or exits with 1. */
export const httpGetScript = `
  fetch(process.argv[1], { signal: AbortSignal.timeout(5000) })
    .then((response) => response.text())
    .then((text) => console.log(text), (error) => { console.error(error.cause?.code ?? error.name); process.exit(1); });
`;

/** For Node's -e: an HTTP server on 8080 that says its pod's name and the caller's address, and ends on SIGTERM. */
export const httpServerScript = `
  require('http').createServer((q, s) => s.end(process.env.HOSTNAME + ' ' + q.socket.remoteAddress)).listen(8080);
  process.on('SIGTERM', () => process.exit(0));
`;
