import type { ReplayedMutant } from '../../common/gateway-recording.ts';
import { replayRecording } from '../faults/replay-recording.ts';
import { Owners } from './affected.ts';
import { describeMutant, type Mutant } from './mutant.ts';
import type { MutantResult } from './mutant-result.ts';
import { isReplayable } from './replayable.ts';
import type { SourceTree } from './source-tree.ts';

/** Processes at a time. */
const replays = 2;

/** A mutant that a scenario could notice. */
export interface Open {
  mutant: Mutant;
  /** By whose objects, as far as is known beforehand. */
  affects: string[];
}

export interface SortOutOptions {
  tree: SourceTree;
  mutants: readonly Mutant[];
  signal: AbortSignal;
  progress: (line: string) => void;
  onResult: (result: MutantResult) => void;
}

/**
 * Tells mutants that no scenario can notice from the others, those first that the fewest scenarios could.
 *
 * @param of.reached - whether the recorded gateway came by its code; left open where that is not known
 * @param of.ids - of the scenarios that were recorded
 */
export async function sortOut(
  { tree, mutants, signal, progress, onResult }: SortOutOptions,
  of: { recording: string; reached?: ReadonlySet<string>; ids: readonly string[] },
): Promise<{ known: MutantResult[]; open: Open[] }> {
  const known: MutantResult[] = [];
  const open: Open[] = [];
  const tell = (mutant: Mutant, outcome: 'unreached' | 'no-difference'): void => {
    const result: MutantResult = { mutant, outcome, durationMs: 0 };
    known.push(result);
    onResult(result);
  };
  const isReached = ({ id }: Mutant): boolean => of.reached?.has(id) ?? true;
  for (const mutant of mutants) {
    if (!isReached(mutant)) tell(mutant, 'unreached');
    else if (!isReplayable(mutant)) open.push({ mutant, affects: [] });
  }
  const replayed = mutants.filter((mutant) => isReached(mutant) && isReplayable(mutant));
  const byId = new Map(replayed.map((mutant) => [mutant.id, mutant]));
  progress(`translating the recording again with ${String(replayed.length)} mutants`);
  const owners = await Owners.of(of.ids, of.recording);
  await replayRecording<ReplayedMutant>({
    program: tree.replayFile,
    recording: of.recording,
    names: replayed.map(({ id }) => id),
    processes: replays,
    signal,
    onLine: ({ mutant: id, differs, error, skipped }) => {
      const mutant = byId.get(id);
      if (mutant === undefined) return;
      const { scenarios: affects, others } = owners.scenariosOf(differs);
      if (skipped === 'unreached' && of.reached === undefined) tell(mutant, 'unreached');
      else if (differs.length === 0 && error === undefined && skipped === undefined)
        tell(mutant, 'no-difference');
      else {
        open.push({ mutant, affects });
        const what = `${String(differs.length)} names, ${String(others)} of no scenario: ${affects.slice(0, 6).join(' ')}`;
        progress(`differs ${id} ${describeMutant(mutant)}: ${error ?? skipped ?? what}`);
      }
    },
  });
  progress(`${String(open.length)} of ${String(mutants.length)} mutants could be noticed`);
  return { known, open: open.sort(byHowFew) };
}

/** The id last, so that the order is the same each time. */
function byHowFew(left: Open, right: Open): number {
  return left.affects.length - right.affects.length || Number(left.mutant.id) - Number(right.mutant.id);
}
