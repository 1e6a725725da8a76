import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { expect } from 'chai';
import { execa } from 'execa';
import { projectRoot, toolPath } from '../../common/tools.ts';
import { KeptCluster } from './kept-cluster.fixture.ts';

const main = join(projectRoot, 'cli/main.ts');
export const roleFile = join(projectRoot, 'harness/existing/cluster-role.yaml');
export const suite = ['--suite', 'precedence', '--no-load', '--limits-scale', '4'];

interface Kubeconfig {
  users: [{ user: { token: string } }];
}

/** A local cluster stands for the existing one, and the gateway that was installed on it before for somebody's implementation. */
export class ExistingCluster {
  /** Its state, and what runs write, once it is started. */
  dir = '';
  /** What was there before any run. */
  present: string[] = [];
  /** A kubeconfig of a user who has the rights of cluster-role.yaml and no others. */
  whole = '';
  #kept: KeptCluster | undefined;

  async start(): Promise<void> {
    this.dir = mkdtempSync(join(tmpdir(), 'rp-existing-'));
    this.#kept = new KeptCluster('existing', this.dir);
    const { exitCode, stderr } = await this.routeproof('up', '--name', 'existing');
    expect(exitCode, stderr).to.equal(0);
    await this.kubectl('apply', '-f', roleFile);
    this.whole = await this.userWith('whole', 'routeproof-harness');
    // A node makes it a few seconds after its start.
    await this.kubectl('wait', '--for=create', 'lease/local', '--namespace=kube-node-lease', '--timeout=60s');
    this.present = await this.objects();
  }

  stop(): void {
    this.#kept?.down();
  }

  routeproof(...args: string[]) {
    const env = { ROUTEPROOF_STATE: this.dir, NO_COLOR: '1' };
    return execa(process.execPath, [main, ...args], { env, reject: false, forceKillAfterDelay: false });
  }

  inside(...argv: string[]) {
    return this.routeproof('exec', '--name', 'existing', '--', ...argv);
  }

  run(out: string, ...args: string[]) {
    const command = [main, 'conformance', '--cluster', 'kubeconfig', '--out', join(this.dir, out)];
    return this.inside(process.execPath, ...command, ...args);
  }

  async kubectl(...args: string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await this.inside(toolPath('kubectl'), ...args);
    if (exitCode !== 0) throw new Error(stderr);
    return stdout;
  }

  /** Every object there is, but for events, which the API server keeps for an hour whatever they were about. */
  async objects(): Promise<string[]> {
    const kinds = (await this.kubectl('api-resources', '--verbs=list', '-o', 'name')).split('\n');
    const listed = kinds.filter((kind) => !/^events(\.|$)/.test(kind));
    const columns = 'custom-columns=KIND:.kind,NAMESPACE:.metadata.namespace,NAME:.metadata.name';
    const text = await this.kubectl('get', listed.join(), '--all-namespaces', '--no-headers', '-o', columns);
    return text.split('\n').sort();
  }

  async userWith(name: string, role: string): Promise<string> {
    await this.kubectl('create', 'serviceaccount', name);
    const binding = [`--clusterrole=${role}`, `--serviceaccount=default:${name}`];
    await this.kubectl('create', 'clusterrolebinding', name, ...binding);
    const token = await this.kubectl('create', 'token', name);
    const path = join(this.dir, 'clusters/existing/kubeconfig');
    const config = JSON.parse(readFileSync(path, 'utf8')) as Kubeconfig;
    config.users[0].user = { token };
    const own = join(this.dir, `${name}.kubeconfig`);
    writeFileSync(own, JSON.stringify(config), { mode: 0o600 });
    return own;
  }
}

/** Until scenarios run. */
export async function untilRunning({ stderr }: { stderr: Readable }): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    let text = '';
    stderr.on('data', (chunk) => {
      text += String(chunk);
      if (/^running \d/m.test(text)) resolve();
    });
    stderr.once('close', () => reject(new Error(`it ended before: ${text}`)));
  });
}
