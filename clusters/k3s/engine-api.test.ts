import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect } from 'chai';
import type { ContainerEngine } from '../../common/container-engine.ts';
import { setVariable } from '../testing/set-variable.ts';
import { openEngineApi } from './engine-api.ts';
import { StartFailure } from './start-request.ts';

/** Programs stand for the engines: what is tested is what becomes of their answers, and of them. */
describe('the API of a container engine', () => {
  let dir: string;
  let temporary: string;
  let restore: (() => void)[];
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'rp-engine-'));
    temporary = mkdtempSync(join(tmpdir(), 'rp-'));
    restore = [
      setVariable('PATH', `${dir}${delimiter}${process.env['PATH'] ?? ''}`),
      setVariable('TMPDIR', temporary),
      setVariable('DOCKER_HOST', 'tcp://elsewhere.example.com'),
    ];
  });
  afterEach(() => {
    for (const each of restore) each();
    for (const each of [dir, temporary]) rmSync(each, { recursive: true });
  });

  const program = (name: string, text: string): void => {
    writeFileSync(join(dir, name), text);
    chmodSync(join(dir, name), 0o755);
  };
  const engine = (name: 'docker' | 'podman'): ContainerEngine => ({
    name,
    version: '1',
    env: { FROM_US: 'yes' },
  });

  it("is podman's on a socket of our own, which `close` ends, wherever DOCKER_HOST points", async function () {
    if (process.platform !== 'linux') this.skip();
    const server = `require('net').createServer((c) => c.on('error', () => undefined).end(process.env.FROM_US)).listen(process.argv.at(-1).slice(7))`;
    program('podman', `#!${process.execPath}\n${server}\n`);
    const api = await openEngineApi(engine('podman'));
    expect(api.dockerHost).to.match(/^unix:\/\/.*\/routeproof-podman-\w+\/podman\.sock$/);
    const socket = api.dockerHost?.slice('unix://'.length) ?? '';
    const [said] = (await once(connect(socket), 'data')) as [Buffer];
    expect(said.toString()).to.equal('yes');
    await api.close();
    expect(existsSync(socket)).to.equal(false);
    expect(readdirSync(temporary)).to.deep.equal([]);
  });

  it('is missing when podman does not serve it, with its last words, and nothing is left', async function () {
    if (process.platform !== 'linux') this.skip();
    program('podman', '#!/bin/sh\necho "Error: no such command: service" >&2\nexit 125\n');
    const error: unknown = await openEngineApi(engine('podman')).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(StartFailure);
    expect((error as StartFailure).failure).to.include({
      code: 'CONTAINER_ENGINE_MISSING',
      seen: 'Error: no such command: service',
    });
    expect(readdirSync(temporary)).to.deep.equal([]);
  });

  it("is Docker's own, where DOCKER_HOST or its context has it", async () => {
    expect((await openEngineApi(engine('docker'))).dockerHost).to.equal('tcp://elsewhere.example.com');
    restore.push(setVariable('DOCKER_HOST', ''));
    delete process.env['DOCKER_HOST'];
    program('docker', '#!/bin/sh\necho unix:///of/the/context.sock\n');
    expect((await openEngineApi(engine('docker'))).dockerHost).to.equal('unix:///of/the/context.sock');
  });
});
