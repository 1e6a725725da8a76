import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { RouteproofError } from '../../common/errors.ts';
import { systemPrograms } from '../../common/local-host.ts';
import { projectRoot } from '../../common/tools.ts';
import { checkHost } from './check-host.ts';

describe('checkHost', () => {
  const refuse = (): Promise<void> =>
    Promise.reject(new RouteproofError('USER_NAMESPACES_FORBIDDEN', 'not allowed', { hint: 'sysctl' }));

  it('ends a set-up for the local cluster on a machine that cannot host it', async () => {
    const error = await checkHost('local', refuse).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(RouteproofError).with.property('code', 'USER_NAMESPACES_FORBIDDEN');
  });

  it('tells all others why, what to do, and what does not work until then', async () => {
    for (const cluster of [undefined, 'kubeconfig', 'kind', 'k3s']) {
      const warning = await checkHost(cluster, refuse);
      expect(warning, String(cluster))
        .to.contain('not allowed')
        .and.to.contain('try:  sysctl')
        .and.to.contain('do not work: routeproof up');
    }
  });

  it('hides no bug', async () => {
    const error = await checkHost('kind', () => Promise.reject(new TypeError('a bug'))).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).to.be.instanceOf(TypeError);
  });

  it('says nothing where the cluster can be hosted', async () => {
    expect(await checkHost('local', () => Promise.resolve())).to.equal(undefined);
  });
});

describe('tools/setup.ts on a machine that forbids user namespaces', () => {
  let dir: string;
  beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'rp-host-'))));
  afterEach(() => rmSync(dir, { recursive: true }));

  it('ends before it has made anything', async () => {
    const programs = mkdtempSync(join(dir, 'bin-'));
    for (const name of Object.keys(systemPrograms)) {
      writeFileSync(join(programs, name), `#!/bin/sh\necho "${name}: Operation not permitted" >&2; exit 1\n`);
      chmodSync(join(programs, name), 0o755);
    }
    const cache = mkdtempSync(join(dir, 'cache-'));
    const args = [join(projectRoot, 'tools/setup.ts'), 'conformance', 'local'];
    const path = [programs, process.env['PATH']].join(delimiter);
    const result = await execa(process.execPath, args, {
      env: { PATH: path, ROUTEPROOF_CACHE: cache },
      reject: false,
    });
    expect(result.exitCode).to.equal(3);
    expect(result.stderr)
      .to.contain('unprivileged user namespaces')
      .and.to.contain('unshare: Operation not permitted')
      .and.to.contain('try:');
    expect(readdirSync(cache)).to.deep.equal([]);
  });
});
