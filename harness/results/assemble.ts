import { cpus, totalmem } from 'node:os';
import { given } from '../../common/given.ts';
import { countsAgainst } from './counts-against.ts';
import { runSchemaVersion, type Run, type ScenarioResult, type Verdict } from './run.ts';

/** What a run knows beside its scenarios. */
export interface RunFacts {
  startedAt: Date;
  durationMs: number;
  aborted?: string;
  implementation: Run['implementation'];
  cluster: Omit<Run['cluster'], 'cpus' | 'cpuModel' | 'memoryBytes'>;
  versions: Record<string, string>;
  gatewayApi: Run['gatewayApi'];
  profile: string;
  /** How often everything was run; default once. */
  repeat?: number;
}

/** The Run that run.json holds; scenarios by id, so that two runs can be compared line by line. */
export function assembleRun(facts: RunFacts, results: Iterable<ScenarioResult>): Run {
  const scenarios = [...results].sort((a, b) => (a.id < b.id ? -1 : 1));
  const processors = cpus();
  return {
    schemaVersion: runSchemaVersion,
    command: 'conformance',
    startedAt: facts.startedAt.toISOString(),
    durationMs: Math.round(facts.durationMs),
    ...given({ aborted: facts.aborted }),
    implementation: facts.implementation,
    cluster: {
      ...facts.cluster,
      cpus: processors.length,
      cpuModel: processors[0]?.model ?? 'unknown',
      memoryBytes: totalmem(),
    },
    versions: facts.versions,
    gatewayApi: facts.gatewayApi,
    profile: facts.profile,
    ...(facts.repeat === undefined || facts.repeat < 2 ? {} : { repeat: facts.repeat }),
    scenarios,
    load: [],
    totals: totalsOf(scenarios),
  };
}

/** A clause is proven when every scenario that names it passed, failed when one of them got a wrong answer that counts. */
export function totalsOf(scenarios: ScenarioResult[]): Run['totals'] {
  const count = (verdict: Verdict): number =>
    scenarios.filter((scenario) => scenario.verdict === verdict).length;
  const clausesOf = (some: ScenarioResult[]): Set<string> =>
    new Set(some.flatMap((scenario) => scenario.clauses));
  const failed = clausesOf(scenarios.filter(countsAgainst));
  const undecided = clausesOf(scenarios.filter(({ verdict }) => verdict !== 'pass'));
  const proven = [...clausesOf(scenarios.filter(({ verdict }) => verdict === 'pass'))].filter(
    (id) => !undecided.has(id),
  );
  return {
    pass: count('pass'),
    wrong: count('wrong'),
    slow: count('slow'),
    unstable: count('unstable'),
    'setup-failed': count('setup-failed'),
    'not-run': count('not-run'),
    scenarios: scenarios.length,
    clausesProven: proven.length,
    clausesFailed: failed.size,
  };
}
