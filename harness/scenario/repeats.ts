import { given } from '../../common/given.ts';
import type { Repetition, ScenarioResult, Verdict } from '../results/run.ts';

/** Verdicts on the implementation; the others say nothing about it. */
const judged: ReadonlySet<Verdict> = new Set<Verdict>(['pass', 'wrong', 'slow', 'unstable']);

/** Several runs of one scenario. Of all but two only the verdict is kept: evidence of thirty passes explains nothing. */
export class Repeats {
  readonly #runs: Repetition[] = [];
  #first: ScenarioResult | undefined;
  #firstBad: ScenarioResult | undefined;
  #firstUnjudged: ScenarioResult | undefined;

  add(result: ScenarioResult): void {
    const { verdict, durationMs, layer, seen } = result;
    this.#runs.push({
      verdict,
      durationMs,
      ...given({ layer, seen }),
    });
    this.#first ??= result;
    if (!judged.has(verdict)) this.#firstUnjudged ??= result;
    else if (verdict !== 'pass') this.#firstBad ??= result;
  }

  /** Whether it need not run again: it does not apply, or the run was aborted. */
  get isOver(): boolean {
    return this.#runs.at(-1)?.verdict === 'not-run';
  }

  /**
   * One result for all of them, with the evidence of the first that failed. Different verdicts on the implementation are `unstable`,
   * whichever they are; a run that could not be judged makes no pass, and no failure either.
   */
  combined(): ScenarioResult {
    if (this.#first === undefined) throw new Error('a scenario that ran no time has no result');
    if (this.#runs.length === 1) return this.#first;
    const verdicts = new Set(this.#runs.map(({ verdict }) => verdict).filter((one) => judged.has(one)));
    const shown = this.#firstBad ?? this.#firstUnjudged ?? this.#first;
    const passed = this.#runs.filter(({ verdict }) => verdict === 'pass').length;
    const note = `passed ${String(passed)} of ${String(this.#runs.length)} runs`;
    return {
      ...shown,
      durationMs: this.#runs.reduce((sum, { durationMs }) => sum + durationMs, 0),
      notes: [...shown.notes, note],
      repeats: this.#runs,
      ...(verdicts.size > 1 ? { verdict: 'unstable', seen: `${note}; else: ${shown.seen ?? ''}` } : {}),
    };
  }
}
