import type Mocha from 'mocha';
import { ConformanceSession, type SessionOptions } from './conformance-session.ts';
import { addLoad } from '../load/add-load.ts';
import { rerunLine, resultLine, roundLines } from '../results/progress-line.ts';
import { differs } from '../results/differs.ts';
import type { LoadResult, Run, ScenarioResult } from '../results/run.ts';
import { writeRun } from '../results/write-run.ts';
import type { RunEnv } from '../env/run-env.ts';
import { setCurrentEngine } from '../scenario/engine.ts';
import { readClauseIndex } from '../clauses/clause-facts.ts';
import { loadSpecs } from '../specs/load-specs.ts';
import { registeredScenarios, type Registered } from '../specs/registry.ts';
import { selectFiles, specFiles, type Selection } from '../specs/spec-files.ts';
import { mustBeKnown } from '../../common/known-names.ts';
import { validateScenarios } from '../specs/validate.ts';

export interface RunConformanceOptions extends SessionOptions, Selection {
  /** Where run.json goes; nothing is written without it. */
  outDir?: string;
  /** Where a failure's repro bundle will be, by the scenario's id; told beside the failure. */
  bundleOf?: (id: string) => string;
  /** Runs after the scenarios, on the same cluster and base, unless the run was aborted; its results go into `run.load`. */
  measure?: (env: RunEnv, signal: AbortSignal) => Promise<LoadResult[]>;
}

export interface ConformanceOutcome {
  run: Run;
  /** 0 all right; 1 the implementation gave a wrong answer; 3 something could not be run. */
  exitCode: 0 | 1 | 3;
}

/**
 * Runs the selected scenarios inside the current cluster (KUBECONFIG) and writes run.json, also when the run is aborted.
 *
 * @throws RouteproofError UNKNOWN_SUITE, UNKNOWN_SCENARIO, UNKNOWN_CLAUSE, INVALID_INPUT - before anything has started
 */
export async function runConformance(options: RunConformanceOptions): Promise<ConformanceOutcome> {
  const index = readClauseIndex();
  for (const clause of options.clauses ?? []) mustBeKnown('UNKNOWN_CLAUSE', 'clause', clause, index.keys());
  const mocha = await loadSpecs(selectFiles(options, specFiles()));
  validateScenarios(registeredScenarios(), index);
  const selected = registeredScenarios().filter((scenario) => provesOneOf(scenario, options.clauses));
  dropUnselected(mocha.suite, new Set(selected.map(({ meta }) => meta.id)));
  const session: ConformanceSession = new ConformanceSession(selected, {
    ...options,
    ...tellers(options, () => session.engine.aborted !== undefined),
  });
  setCurrentEngine(session.engine);
  await session.start();
  const ids =
    options.scenarios === undefined ? session.leaveOutOthers() : selected.map(({ meta }) => meta.id);
  dropUnselected(mocha.suite, new Set(ids));
  if (session.engine.aborted === undefined) options.progress?.(`running ${String(ids.length)} scenarios`);
  session.engine.startAll(ids);
  await runMocha(mocha);
  await session.rerunFailures();
  const load = await measureAfter(session, options);
  const outcome = await session.finish();
  await addLoad(outcome.run, load);
  setCurrentEngine(undefined);
  if (options.outDir !== undefined) await writeRun(outcome.run, options.outDir);
  return outcome;
}

type Tellers = Required<Pick<SessionOptions, 'onResult' | 'onRound' | 'onRerun'>>;

/** What is told of results as they come. */
function tellers(options: RunConformanceOptions, isAborted: () => boolean): Tellers {
  const { progress = () => undefined, repeat = 1 } = options;
  // Each of several rounds has told of its failures; only together do they say what differs.
  const isNews = (result: ScenarioResult): boolean => (repeat === 1 ? true : differs(result));
  return {
    onResult: (result) => {
      // An aborted run has said why; its scenarios need not repeat it.
      if ((result.verdict !== 'not-run' || !isAborted()) && isNews(result))
        progress(resultLine(result, options.bundleOf?.(result.id)));
      options.onResult?.(result);
    },
    onRound: (round, results) => {
      for (const line of roundLines(round, repeat, results)) progress(line);
      options.onRound?.(round, results);
    },
    onRerun: (result) => {
      progress(rerunLine(result));
      options.onRerun?.(result);
    },
  };
}

async function measureAfter(
  session: ConformanceSession,
  options: RunConformanceOptions,
): Promise<LoadResult[]> {
  const { engine, env } = session;
  if (options.measure === undefined || env === undefined || engine.aborted !== undefined) return [];
  await engine.settled();
  return options.measure(env, engine.signal);
}

function runMocha(mocha: Mocha): Promise<void> {
  return new Promise((resolve) => {
    mocha.run(() => resolve());
  });
}

function provesOneOf(scenario: Registered, clauses: string[] | undefined): boolean {
  return clauses === undefined || scenario.meta.clauses.some((clause) => clauses.includes(clause));
}

function dropUnselected(suite: Mocha.Suite, ids: ReadonlySet<string>): void {
  suite.tests = suite.tests.filter((test) => ids.has(test.title.split(': ')[0] ?? ''));
  for (const child of suite.suites) dropUnselected(child, ids);
}
