import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { spawn } from 'node:child_process';
import { RouteproofError } from '../../common/errors.ts';
import type { Mutant } from './mutant.ts';
import type { SourceTree } from './source-tree.ts';

/** What gateway/mutants/replay.ts prints of a mutant. */
export interface Replayed {
  mutant: string;
  /** Names of the statuses and resources that come out otherwise, each with the namespace of its Gateway or object. */
  differs: string[];
  /** There are more. */
  more?: true;
  /** The translation threw. */
  error?: string;
  skipped?: 'unreached' | 'at-start';
}

/** Which parts of the gateway a recording goes through. */
const replayable = /^gateway\/(translate|xds|ir|provider\/object-store)/;

export function isReplayable({ file }: Mutant): boolean {
  return replayable.test(file);
}

/**
 * Translates a recording with each mutant.
 *
 * @param recording - a file, of `/recording` of the instrumented gateway
 * @throws RouteproofError INTERNAL - the replay ended early
 */
export async function replay(
  { replayFile }: SourceTree,
  of: {
    recording: string;
    mutants: readonly Mutant[];
    processes: number;
    signal: AbortSignal;
    onReplayed: (result: Replayed) => void;
  },
): Promise<Map<string, Replayed>> {
  const results = new Map<string, Replayed>();
  const shares = Array.from({ length: of.processes }, (_, share) =>
    of.mutants.filter((__, at) => at % of.processes === share),
  );
  await Promise.all(
    shares.map(async (mutants) => {
      const child = spawn(process.execPath, ['--max-old-space-size=4096', replayFile, of.recording], {
        stdio: ['pipe', 'pipe', 'inherit'],
        signal: of.signal,
      });
      const ended = once(child, 'close');
      child.stdin.end(mutants.map(({ id }) => `${id}\n`).join(''));
      for await (const line of createInterface({ input: child.stdout })) {
        const result = JSON.parse(line) as Replayed;
        results.set(result.mutant, result);
        of.onReplayed(result);
      }
      const [code] = (await ended) as [number | null];
      if (code !== 0)
        throw new RouteproofError('INTERNAL', 'the replay of a recording ended early', {
          object: of.recording,
          seen: `exit code ${String(code)}`,
        });
    }),
  );
  return results;
}
