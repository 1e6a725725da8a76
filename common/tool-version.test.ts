import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { RouteproofError } from './errors.ts';
import { toolVersion } from './tool-version.ts';

describe('toolVersion', () => {
  const before = process.env['ROUTEPROOF_TOOLS'];
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'rp-tools-'));
    process.env['ROUTEPROOF_TOOLS'] = dir;
  });
  afterEach(() => {
    rmSync(dir, { recursive: true });
    if (before === undefined) Reflect.deleteProperty(process.env, 'ROUTEPROOF_TOOLS');
    else process.env['ROUTEPROOF_TOOLS'] = before;
  });

  function tool(name: string, script: string): void {
    writeFileSync(join(dir, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(dir, name), 0o755);
  }

  it('finds the version in what each binary says', async () => {
    tool('k6', '[ "$1" = version ] && echo "k6 v1.8.1 (go1.26.8, linux/amd64)"');
    expect(await toolVersion('k6')).to.equal('v1.8.1');
  });

  it('names the binary and what it said when that is no version', async () => {
    tool('k6', 'echo "no such command"');
    const failure: unknown = await toolVersion('k6').catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(RouteproofError);
    expect((failure as RouteproofError).message)
      .to.contain(join(dir, 'k6'))
      .and.contain('no such command');
  });
});
