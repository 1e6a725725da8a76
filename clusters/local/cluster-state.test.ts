import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { RouteproofError } from '../../common/errors.ts';
import { claimName, localStore, sweepDeadAttached } from './cluster-state.ts';
import { LocalProvider } from './local-provider.ts';

describe('what clusters leave on disk', () => {
  const saved = process.env['ROUTEPROOF_STATE'];
  /** No process has started at this time, so this pid is another one now. */
  const gone = { pid: process.pid, startTime: '1' };
  const known = (): string[] => localStore.all().states.map(({ name }) => name);
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'state-'));
    process.env['ROUTEPROOF_STATE'] = directory;
  });

  afterEach(() => {
    rmSync(directory, { recursive: true });
    if (saved === undefined) Reflect.deleteProperty(process.env, 'ROUTEPROOF_STATE');
    else process.env['ROUTEPROOF_STATE'] = saved;
  });

  it('goes when an attached cluster and its starter are dead, so that no credentials stay', () => {
    localStore.update({ ...claimName('killed', 'attached'), starter: gone, init: gone });
    sweepDeadAttached();
    expect(known()).to.deep.equal([]);
  });

  it('stays while the starter lives or is only just starting it', () => {
    claimName('starting', 'attached');
    localStore.update({ ...claimName('ending', 'attached'), init: gone });
    sweepDeadAttached();
    expect(known().toSorted()).to.deep.equal(['ending', 'starting']);
  });

  it('stays for a dead detached cluster, whose user may want to read its logs', () => {
    localStore.update({ ...claimName('mine', 'detached'), starter: gone, init: gone });
    sweepDeadAttached();
    expect(known()).to.deep.equal(['mine']);
  });

  it('gives way to a new cluster of that name only when it is dead', () => {
    const dead = { ...claimName('mine', 'detached'), starter: gone, init: gone };
    localStore.update(dead);
    const log = join(localStore.dirOf('mine'), 'logs', 'old.log');
    writeFileSync(log, '');
    const alive = claimName('mine', 'detached');
    expect(localStore.read('mine')).to.deep.equal(alive);
    expect(existsSync(log)).to.equal(false);
    expect(() => claimName('mine', 'detached'))
      .to.throw(RouteproofError, `its process ${process.pid}`)
      .that.has.property('code', 'CLUSTER_EXISTS');
    expect(localStore.read('mine')).to.deep.equal(alive);
  });

  for (const [what, text] of [
    ['empty', ''],
    ['null', 'null'],
    ['without a process', '{"name":"torn","lifetime":"attached"}'],
    ["another's", '{"name":"other","lifetime":"attached","starter":{"pid":1,"startTime":"1"}}'],
  ] as const) {
    it(`that is ${what} keeps nobody from other clusters, and is listed as broken`, async () => {
      mkdirSync(localStore.dirOf('torn'));
      writeFileSync(join(localStore.dirOf('torn'), 'state.json'), text);
      localStore.update({ ...claimName('killed', 'attached'), starter: gone, init: gone });
      sweepDeadAttached();
      claimName('other', 'attached');
      expect(known()).to.deep.equal(['other']);
      const broken = (await new LocalProvider().list()).find(({ name }) => name === 'torn');
      expect(broken).to.include({ state: 'broken', kubeconfigPath: localStore.kubeconfigOf('torn') });
      expect(broken?.detail).to.contain(`remove ${localStore.dirOf('torn')}`);
      expect(() => claimName('torn', 'attached'))
        .to.throw(RouteproofError)
        .that.has.property('code', 'STATE_UNUSABLE');
    });
  }
});
