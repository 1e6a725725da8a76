import { toolVersion } from '../../common/tool-version.ts';
import type { LoadResult, Run } from '../results/run.ts';

/** Puts benchmarks into a run, and the version of the load generator that made them. @throws RouteproofError TOOL_MISSING */
export async function addLoad(run: Run, results: LoadResult[]): Promise<void> {
  run.load = results;
  if (results.length > 0) run.versions['k6'] = await toolVersion('k6');
}
