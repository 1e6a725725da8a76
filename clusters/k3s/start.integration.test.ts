import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { findEngine, runEngine, type ContainerEngine } from '../../common/container-engine.ts';
import { messageOf, RouteproofError } from '../../common/errors.ts';
import { toolPath } from '../../common/tools.ts';
import { useOwnState } from '../testing/cluster-session.ts';
import { setVariable } from '../testing/set-variable.ts';
import { K3sProvider } from './k3s-provider.ts';
import { k3sStore, nodeOf } from './k3s-state.ts';

const found = await findEngine().catch(messageOf);

/** Images that are not k3s's, made of a static program: one says nothing of what is waited for, one ends at once. */
const images = {
  silent: ['/kubectl', 'proxy', '--server=http://127.0.0.1:1', '--'],
  ending: ['/kubectl'],
};
const imageOf = (name: string): string => `localhost/routeproof/test-k3s-${name}:v1`;

describe('a cluster of k3s that does not start', function () {
  if (typeof found === 'string') {
    it(`not run on this machine: ${found}`);
    return;
  }
  const engine: ContainerEngine = found;
  this.timeout(300_000);
  let temporary: string;
  let state: ReturnType<typeof useOwnState>;
  let restore: (() => void)[];

  before(async () => {
    const context = mkdtempSync(join(tmpdir(), 'rp-k3s-'));
    copyFileSync(toolPath('kubectl'), join(context, 'kubectl'));
    for (const [name, entrypoint] of Object.entries(images)) {
      const text = `FROM scratch\nCOPY kubectl /kubectl\nENTRYPOINT ${JSON.stringify(entrypoint)}\n`;
      writeFileSync(join(context, 'Dockerfile'), text);
      await runEngine(engine, ['build', `--tag=${imageOf(name)}`, context]);
    }
    rmSync(context, { recursive: true });
  });
  after(() => runEngine(engine, ['rmi', '--force', ...Object.keys(images).map(imageOf)]));

  beforeEach(() => {
    state = useOwnState();
    temporary = mkdtempSync(join(tmpdir(), 'rp-'));
    restore = [setVariable('TMPDIR', temporary)];
  });
  afterEach(() => {
    for (const each of restore) each();
    state.dispose();
    rmSync(temporary, { recursive: true });
  });

  const useImage = (image: string): void => void restore.push(setVariable('ROUTEPROOF_K3S_IMAGE', image));
  const containers = async (): Promise<string> =>
    runEngine(engine, ['ps', '--all', '--filter', 'name=^routeproof-test-', '--format', '{{.Names}}']);
  const nothingIsLeft = async (): Promise<void> => {
    expect(await containers()).to.equal('');
    expect(readdirSync(temporary)).to.deep.equal([]);
    expect(k3sStore.all()).to.deep.equal({ states: [], unreadable: [] });
  };
  const failureOf = async (timeoutMs: number, name = 'test-fails'): Promise<RouteproofError> => {
    const error: unknown = await new K3sProvider(timeoutMs)
      .up({ name, lifetime: 'detached' })
      .catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(RouteproofError);
    return error as RouteproofError;
  };

  it('says which image is not to be had, and what to do', async () => {
    useImage('localhost:1/no/such-image:v0');
    const { code, message } = await failureOf(1000);
    expect(code, message).to.equal('IMAGE_MISSING');
    expect(message).to.match(/^localhost:1\/no\/such-image:v0: k3s's image is not on this machine/);
    expect(message)
      .to.match(/ {2}seen: \w+: .*localhost:1/)
      .and.include('ROUTEPROOF_K3S_IMAGE');
    await nothingIsLeft();
  });

  it('refuses what is no name of an image, as bad input', async () => {
    useImage('No Such::Image');
    const { code, message } = await failureOf(1000);
    expect(code, message).to.equal('INVALID_INPUT');
    expect(message).to.include('ROUTEPROOF_K3S_IMAGE: this is no name of an image');
    await nothingIsLeft();
  });

  it('ends when the container says nothing of what is waited for, with its last words', async () => {
    useImage(imageOf('silent'));
    const { code, message } = await failureOf(15_000);
    expect(code, message).to.equal('CLUSTER_START_FAILED');
    expect(message).to.include('k3s did not become ready').and.include('not received after 15000ms');
    expect(message).to.include('Starting to serve on').and.include(imageOf('silent'));
    await nothingIsLeft();
  });

  it('ends at once when the container does', async () => {
    useImage(imageOf('ending'));
    const { code, message } = await failureOf(200_000);
    expect(code, message).to.equal('CLUSTER_START_FAILED');
    expect(message).to.match(/unknown (flag|command)/);
    await nothingIsLeft();
  });

  it('leaves a container of its name alone that somebody else has made', async () => {
    const name = 'test-taken';
    await runEngine(engine, ['create', '--name', nodeOf(name), imageOf('ending')]);
    try {
      const { code, message } = await failureOf(1000, name);
      expect(code).to.equal('CLUSTER_EXISTS');
      expect(message).to.include(`${engine.name} rm --force --volumes ${nodeOf(name)}`);
      expect(await containers()).to.equal(nodeOf(name));
    } finally {
      await runEngine(engine, ['rm', '--force', nodeOf(name)]);
    }
    await nothingIsLeft();
  });

  it('is taken away when it is interrupted', async () => {
    useImage(imageOf('silent'));
    const abort = new AbortController();
    const error: unknown = await new K3sProvider()
      .up({
        name: 'test-interrupted',
        lifetime: 'attached',
        signal: abort.signal,
        progress: (line) => {
          if (line.startsWith('starting ')) abort.abort(new Error('interrupted by the test'));
        },
      })
      .catch((thrown: unknown) => thrown);
    expect(messageOf(error)).to.equal('interrupted by the test');
    await nothingIsLeft();
  });

  it('is taken away when the process is killed that starts it, the service of podman too', async () => {
    useImage(imageOf('silent'));
    const script = fileURLToPath(new URL('../testing/start-k3s.ts', import.meta.url));
    const starter = spawn(process.execPath, [script, 'test-killed'], { stdio: 'ignore' });
    const ended = once(starter, 'exit');
    // No event tells of either; mocha's limit is the deadline.
    while ((await containers()) === '') await delay(100);
    expect(readdirSync(temporary)).to.have.lengthOf(engine.name === 'podman' ? 1 : 0);
    starter.kill('SIGKILL');
    await ended;
    while ((await containers()) !== '' || k3sStore.all().states.length > 0) await delay(100);
    while (readdirSync(temporary).length > 0) await delay(100);
    await nothingIsLeft();
  });
});
