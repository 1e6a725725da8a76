import { watch } from 'node:fs';
import { tmpdir } from 'node:os';
import { expect } from 'chai';
import { inotifyWarning } from './inotify.ts';

describe('inotifyWarning', () => {
  it('names the numbers and the setting when too few instances are left', () => {
    expect(inotifyWarning(128, 100))
      .to.contain('only 28 inotify instances are left (100 in use, fs.inotify.max_user_instances is 128)')
      .and.contain('sudo sysctl -w fs.inotify.max_user_instances=');
  });

  it('says nothing when there are enough', () => {
    expect(inotifyWarning(128, 64)).to.equal(undefined);
  });

  it('counts what is in use on this machine', () => {
    const watcher = watch(tmpdir());
    try {
      const [, used] = /\((\d+) in use/.exec(inotifyWarning(0) ?? '') ?? [];
      expect(Number(used)).to.be.greaterThan(0);
    } finally {
      watcher.close();
    }
  });
});
