import { expect } from 'chai';
import { settingsFor } from './podman-settings.ts';

const limits = (files: string, processes: string): string =>
  `Limit                     Soft Limit           Hard Limit           Units\nMax processes             ${processes}                ${processes}                processes\nMax open files            ${files}                ${files}                files\n`;

describe('the settings of podman', () => {
  it('lift the limit of processes, which is too low for a node, and nothing else on a machine that allows it', () => {
    expect(settingsFor({ cgroupV1: false, limits: limits('1048576', 'unlimited') })).to.equal(
      '[containers]\npids_limit = 0\n',
    );
  });

  it('ask for no more open files and processes than this machine allows', () => {
    expect(settingsFor({ cgroupV1: false, limits: limits('20000', '96365') })).to.equal(
      '[containers]\npids_limit = 0\ndefault_ulimits = ["nofile=20000:20000","nproc=20000:20000"]\n',
    );
    expect(settingsFor({ cgroupV1: false, limits: limits('4096', '1000') })).to.include('nproc=1000:1000');
  });

  it('name runc where cgroups are of version 1', () => {
    expect(settingsFor({ cgroupV1: true, limits: limits('1048576', 'unlimited') })).to.equal(
      '[containers]\npids_limit = 0\n[engine]\nruntime = "runc"\n',
    );
  });
});
