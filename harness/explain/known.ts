import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { projectRoot } from '../../common/tools.ts';
import { clauseReport } from './clause-report.ts';
import type { FaultSpec } from '../faults/fault-spec.ts';
import { manifestFiles } from '../specs/manifests.ts';
import { registeredScenarios, type Registered } from '../specs/registry.ts';
import type { Known, ScenarioFacts } from './explain.ts';

/**
 * All clauses and scenarios of this checkout beside the faults given. Needs no cluster.
 *
 * @throws RouteproofError INVALID_INPUT - mistakes in suites/
 */
export async function readKnown(faults: readonly FaultSpec[]): Promise<Known> {
  const clauses = await clauseReport({});
  return { clauses, scenarios: registeredScenarios().map(factsOf), faults };
}

function factsOf({ meta, file = '' }: Registered): ScenarioFacts {
  const files = manifestFiles(meta).map((name) => join(dirname(file), name));
  const fromRoot = (path: string): string => relative(projectRoot, path);
  return { ...meta, spec: fromRoot(file), files: files.filter((path) => existsSync(path)).map(fromRoot) };
}
