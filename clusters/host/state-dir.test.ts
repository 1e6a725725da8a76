import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { RouteproofError } from '../../common/errors.ts';
import { setVariable } from '../testing/set-variable.ts';
import { clustersDir } from './state-dir.ts';

describe('the directory of the state', () => {
  let dir: string;
  let restore: () => void;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'rp-state-'));
    // Not even root makes a directory below a file.
    writeFileSync(join(dir, 'file'), '');
    restore = setVariable('ROUTEPROOF_STATE', join(dir, 'file'));
  });
  afterEach(() => {
    restore();
    rmSync(dir, { recursive: true });
  });

  it('is named where it cannot be written, and so is the variable that chooses another', () => {
    expect(clustersDir)
      .to.throw(RouteproofError, join(dir, 'file', 'clusters'))
      .that.includes({
        code: 'STATE_UNUSABLE',
        hint: 'set ROUTEPROOF_STATE to a directory that you can write',
      });
  });
});
