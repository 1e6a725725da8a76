import { given } from '../../common/given.ts';
import type { Run } from '../../harness/results/run.ts';

/** How far two runs can be compared. */
export interface Comparability {
  /** What differs and may be why figures do, one line each. */
  notes: string[];
  /** Why times, CPU and memory of the two have nothing to do with each other; undefined where they have. */
  otherMachine?: string;
}

/** What a benchmark stands on besides the implementation: a change of one is a change of the measuring instrument. */
const instruments = ['k6', 'node'];

export function comparability(base: Run, fresh: Run): Comparability {
  const notes = [
    ...[base, fresh].flatMap((run) =>
      run.aborted === undefined ? [] : [`${runName(run)} ended early: ${run.aborted}`],
    ),
    ...(base.implementation.name === fresh.implementation.name
      ? []
      : [`two implementations: ${base.implementation.name} and ${fresh.implementation.name}`]),
    ...versionNotes(base, fresh),
  ];
  const otherMachine = machineDifference(base, fresh);
  return { notes, ...given({ otherMachine }) };
}

/** `routeproof 0.1.0 of 2026-11-28T07:08:29Z`. */
export function runName({ implementation, startedAt }: Run): string {
  return `${implementation.name} ${implementation.version} of ${startedAt}`;
}

function versionNotes(base: Run, fresh: Run): string[] {
  const names = [...new Set([...Object.keys(base.versions), ...Object.keys(fresh.versions)])].sort();
  return names
    .filter((name) => base.versions[name] !== fresh.versions[name])
    .map((name) => {
      const text = `${name}: ${base.versions[name] ?? 'unknown'} and ${fresh.versions[name] ?? 'unknown'}`;
      return instruments.includes(name) ? `${text} (it measures: figures may differ for that alone)` : text;
    });
}

function machineDifference({ cluster: a }: Run, { cluster: b }: Run): string | undefined {
  const gib = (bytes: number): string => `${(bytes / 1024 ** 3).toFixed(0)} GiB`;
  const machine = (of: Run['cluster']): string =>
    `${of.cpus} x ${of.cpuModel}, ${gib(of.memoryBytes)}, cluster by ${of.provider}`;
  return machine(a) === machine(b) ? undefined : `measured on other machines: ${machine(a)}; ${machine(b)}`;
}
