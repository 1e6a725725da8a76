import { readFileSync, readdirSync } from 'node:fs';

export interface CpuSample {
  /** Unix milliseconds. */
  atMs: number;
  /** CPU time of all the processes since they started, in nanoseconds. */
  cpuNs: number;
  /** Resident memory of all of them; NaN where it cannot be read. */
  memoryBytes: number;
}

/**
 * CPU time that these processes have used, all threads, in nanoseconds. /proc/PID/task/TID/schedstat counts nanoseconds;
 * /proc/PID/stat only hundredths of a second, which is tens of requests.
 *
 * @returns undefined when there is no process to read, or one cannot be read (not Linux, not visible, gone)
 */
export function cpuTimeNs(pids: readonly number[]): number | undefined {
  if (pids.length === 0) return undefined;
  try {
    return pids.reduce((total, pid) => total + processCpuNs(pid), 0);
  } catch {
    return undefined;
  }
}

function processCpuNs(pid: number): number {
  const tasks = readdirSync(`/proc/${pid}/task`);
  return tasks.reduce((total, task) => {
    const [onCpuNs = ''] = readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ');
    return total + Number(onCpuNs);
  }, 0);
}

/** Resident memory of these processes, in bytes; NaN when one cannot be read. */
export function residentBytes(pids: readonly number[]): number {
  return pids.reduce((total, pid) => total + 1024 * kilobytes(pid), 0);
}

function kilobytes(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch {
    return NaN;
  }
}

/** Reads the CPU time and memory of processes ten times a second while a benchmark runs; a read takes well under a millisecond. */
export class CpuSampler {
  readonly samples: CpuSample[] = [];
  readonly #pids: readonly number[];
  readonly #timer: NodeJS.Timeout;

  constructor(pids: readonly number[]) {
    this.#pids = pids;
    this.#sample();
    this.#timer = setInterval(() => {
      this.#sample();
    }, 100);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#sample();
  }

  #sample(): void {
    const cpuNs = cpuTimeNs(this.#pids);
    if (cpuNs !== undefined)
      this.samples.push({ atMs: Date.now(), cpuNs, memoryBytes: residentBytes(this.#pids) });
  }
}

/**
 * CPU time used from the last sample before `fromMs` to the first after `toMs`. The proxy is idle in the gaps around a
 * block, so a little too wide costs nothing.
 *
 * @returns nanoseconds; undefined when the samples do not cover the time, or processes came and went within it
 */
export function cpuUsedNs(samples: readonly CpuSample[], fromMs: number, toMs: number): number | undefined {
  const before = samples.findLast(({ atMs }) => atMs <= fromMs);
  const after = samples.find(({ atMs }) => atMs >= toMs);
  if (before === undefined || after === undefined) return undefined;
  const used = after.cpuNs - before.cpuNs;
  return used < 0 ? undefined : used;
}

/** Resident memory at the first sample after `toMs`. @returns undefined when the samples do not cover the time */
export function memoryAt(samples: readonly CpuSample[], toMs: number): number | undefined {
  const after = samples.find(({ atMs }) => atMs >= toMs);
  return after === undefined || Number.isNaN(after.memoryBytes) ? undefined : after.memoryBytes;
}

/** By how much resident memory grew over the same samples as cpuUsedNs. @returns undefined when they do not cover the time */
export function memoryGrowth(
  samples: readonly CpuSample[],
  fromMs: number,
  toMs: number,
): number | undefined {
  const before = samples.findLast(({ atMs }) => atMs <= fromMs);
  const after = memoryAt(samples, toMs);
  return before === undefined || after === undefined ? undefined : after - before.memoryBytes;
}
