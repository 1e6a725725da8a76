import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { claimName, localStore, sweepDeadAttached } from './cluster-state.ts';

describe('what clusters leave on disk', () => {
  const saved = process.env['ROUTEPROOF_STATE'];
  /** No process has started at this time, so this pid is another one now. */
  const gone = { pid: process.pid, startTime: '1' };
  const known = (): string[] => localStore.all().map(({ name }) => name);
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
});
