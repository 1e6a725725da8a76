import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { checkSystemPrograms, namespacesForbidden, systemPrograms } from './local-host.ts';

describe('namespacesForbidden', () => {
  const withSettings = (settings: Record<string, string>) =>
    namespacesForbidden('unshare: Operation not permitted\n', (path) => settings[path]);

  it("names AppArmor's setting and the command that changes it", () => {
    const error = withSettings({ '/proc/sys/kernel/apparmor_restrict_unprivileged_userns': '1' });
    expect(error.code).to.equal('USER_NAMESPACES_FORBIDDEN');
    expect(error.seen).to.contain('/proc/sys/kernel/apparmor_restrict_unprivileged_userns is 1');
    expect(error.hint).to.equal('sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0');
  });

  it('names every setting that forbids them, and none that does not', () => {
    const error = withSettings({
      '/proc/sys/kernel/apparmor_restrict_unprivileged_userns': '0',
      '/proc/sys/kernel/unprivileged_userns_clone': '0',
      '/proc/sys/user/max_user_namespaces': '0',
    });
    expect(error.seen).to.not.contain('apparmor');
    expect(error.hint).to.contain('unprivileged_userns_clone=1 && ').and.to.contain('max_user_namespaces=');
  });

  it('thinks of a container when no setting forbids them', () => {
    expect(withSettings({}).hint).to.contain('inside a container');
  });
});

describe('checkSystemPrograms', () => {
  it('names every missing program and the package that has it', () => {
    expect(() => checkSystemPrograms('/nowhere')).to.throw(
      /needs unshare, nsenter, mount, pivot_root, ip, nft, openssl[^]*apt-get install util-linux mount iproute2 nftables openssl/,
    );
  });

  it('finds all of them where they are', () => {
    const dir = mkdtempSync(join(tmpdir(), 'rp-programs-'));
    try {
      for (const name of Object.keys(systemPrograms)) writeFileSync(join(dir, name), '', { mode: 0o700 });
      expect(() => checkSystemPrograms(dir)).not.to.throw();
    } finally {
      rmSync(dir, { recursive: true });
    }
  });
});
