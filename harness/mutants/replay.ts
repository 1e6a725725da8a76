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

/** Parts of the gateway that a recording goes through as a running gateway does; bytes on the wire are not looked at. */
const replayable = /^gateway\/(translate|xds\/(?!wire|container-port)|ir)/;

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
  const others = new AbortController();
  try {
    await Promise.all(shares.map(translateShare));
  } finally {
    others.abort();
  }
  of.signal.throwIfAborted();
  return results;

  async function translateShare(mutants: readonly Mutant[]): Promise<void> {
    const child = spawn(process.execPath, ['--max-old-space-size=4096', replayFile, of.recording], {
      stdio: ['pipe', 'pipe', 'inherit'],
      signal: AbortSignal.any([of.signal, others.signal]),
    });
    const ended = once(child, 'close');
    // Told below, or by the signal.
    ended.catch(() => undefined);
    child.stdin.on('error', () => undefined);
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
  }
}
