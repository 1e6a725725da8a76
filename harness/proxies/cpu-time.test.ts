import { expect } from 'chai';
import { cpuTimeNs, cpuUsedNs, memoryAt, memoryGrowth, residentBytes } from './cpu-time.ts';
import { processesOfPods } from './proxy-processes.ts';

describe('CPU time of processes', () => {
  it('grows with the work that a process does', () => {
    const before = cpuTimeNs([process.pid]);
    const startNs = process.cpuUsage();
    while (process.cpuUsage(startNs).user < 30_000);
    const after = cpuTimeNs([process.pid]);
    expect((after ?? 0) - (before ?? 0)).to.be.greaterThan(10e6);
  });

  it('is unknown without processes and for one that is gone', () => {
    expect(cpuTimeNs([])).to.equal(undefined);
    expect(cpuTimeNs([2 ** 30])).to.equal(undefined);
  });

  it('between two moments comes from the samples around them', () => {
    const samples = [0, 100, 200, 300].map((atMs) => ({ atMs, cpuNs: atMs * 10, memoryBytes: atMs }));
    expect(cpuUsedNs(samples, 110, 190)).to.equal(1000);
    expect(cpuUsedNs(samples, 110, 400)).to.equal(undefined);
    expect(
      cpuUsedNs(
        [
          { atMs: 0, cpuNs: 5, memoryBytes: 1 },
          { atMs: 300, cpuNs: 1, memoryBytes: 1 },
        ],
        10,
        20,
      ),
    ).to.equal(undefined);
  });
});

describe('memory of processes', () => {
  it('is theirs as long as all can be read', () => {
    expect(residentBytes([process.pid])).to.be.within(10e6, 10e9);
    expect(residentBytes([process.pid, 2 ** 30])).to.be.NaN;
  });

  it('at a moment comes from the first sample after it', () => {
    const samples = [0, 100, 200].map((atMs) => ({ atMs, cpuNs: 0, memoryBytes: atMs * 7 }));
    expect([memoryAt(samples, 110), memoryAt(samples, 201)]).to.deep.equal([1400, undefined]);
    expect(memoryGrowth(samples, 110, 190)).to.equal(700);
    expect(memoryGrowth(samples, 110, 201)).to.equal(undefined);
  });
});

describe('processes of pods', () => {
  it('are those whose network namespace owns the address', () => {
    // This process's own namespace owns 127.0.0.1, as every namespace with a loopback does.
    expect(processesOfPods(['127.0.0.1'])).to.include(process.pid);
    expect(processesOfPods(['203.0.113.77'])).to.deep.equal([]);
  });
});
