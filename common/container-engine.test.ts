import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { findEngine } from './container-engine.ts';
import { RouteproofError } from './errors.ts';

/** Programs stand for the engines: what is tested is what their answers lead to. */
describe('the search for a container engine', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'rp-engine-'));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const program = (name: string, script: string): void => {
    writeFileSync(join(dir, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(dir, name), 0o755);
  };
  const env = () => ({ PATH: dir, CONTAINERS_CONF: '/nowhere' });
  const failure = async (wanted?: 'docker' | 'podman'): Promise<RouteproofError> => {
    const error: unknown = await findEngine(wanted, env()).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(RouteproofError);
    return error as RouteproofError;
  };

  it('takes Docker first, and podman where Docker does not answer', async () => {
    program('docker', 'echo 29.1.0');
    program('podman', 'echo 5.4.0');
    expect(await findEngine(undefined, env())).to.include({ name: 'docker', version: '29.1.0' });
    program('docker', 'echo "Cannot connect to the Docker daemon" >&2; exit 1');
    expect(await findEngine(undefined, env())).to.include({ name: 'podman', version: '5.4.0' });
  });

  it('takes the one that is asked for, and no other', async () => {
    program('docker', 'echo 29.1.0');
    const { code, message } = await failure('podman');
    expect(code).to.equal('CONTAINER_ENGINE_MISSING');
    expect(message).to.include('podman: not installed').and.include('apt-get install podman');
    expect(message).to.not.include('docker:');
  });

  it('says of each engine why it cannot be used, where there is none at all', async () => {
    const { message } = await failure();
    expect(message).to.include('no docker and no podman that can be used');
    expect(message).to.include('docker: not installed').and.include('podman: not installed');
  });

  it('says what to do about a daemon that does not let the user in, or does not run', async () => {
    program(
      'docker',
      'echo "permission denied while trying to connect to the Docker daemon socket" >&2; exit 1',
    );
    expect((await failure('docker')).message)
      .to.include('permission denied while trying')
      .and.include('usermod -aG docker');
    program('docker', 'echo "Cannot connect to the Docker daemon. Is it running?" >&2; exit 1');
    expect((await failure('docker')).message).to.include('systemctl start docker');
  });

  it('refuses an engine in KIND_EXPERIMENTAL_PROVIDER that it does not drive', async () => {
    const before = process.env['KIND_EXPERIMENTAL_PROVIDER'];
    process.env['KIND_EXPERIMENTAL_PROVIDER'] = 'nerdctl';
    try {
      const error: unknown = await Promise.resolve()
        .then(() => findEngine(undefined, env()))
        .catch((thrown: unknown) => thrown);
      expect(error).to.include({ code: 'INVALID_INPUT' });
      expect((error as Error).message).to.include('nerdctl');
    } finally {
      if (before === undefined) delete process.env['KIND_EXPERIMENTAL_PROVIDER'];
      else process.env['KIND_EXPERIMENTAL_PROVIDER'] = before;
    }
  });
});
