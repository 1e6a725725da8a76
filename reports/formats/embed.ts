import { gzipSync } from 'node:zlib';
import { given } from '../../common/given.ts';
import type { LoadResult } from '../../harness/results/load.ts';
import type { Run, ScenarioResult } from '../../harness/results/run.ts';
import { objectView } from '../wording/object-view.ts';
import type { PageRun, ScenarioDetail, ScenarioHead } from './page-data.ts';

/**
 * JSON that may stand inside a script element: `<` would end it (`</script>`, `<!--`), U+2028 and U+2029 end lines in
 * old JavaScript, and lone surrogates do not survive UTF-8.
 */
export function jsonForScript(value: unknown): string {
  return JSON.stringify(value).replaceAll(/[<>&\u2028\u2029]/g, escapeUnit);
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** The run without what only an opened scenario shows, and without what only a merge of runs needs. */
export function headOf(run: Run): PageRun {
  return { ...run, scenarios: run.scenarios.map(scenarioHead), load: run.load.map(withoutHistograms) };
}

function withoutHistograms(load: LoadResult): LoadResult {
  const bare = <T extends { histogram?: string }>({ histogram: _none, ...rest }: T): Omit<T, 'histogram'> =>
    rest;
  return {
    ...load,
    variants: load.variants.map((variant) => ({ ...bare(variant), blocks: variant.blocks.map(bare) })),
  };
}

function scenarioHead(scenario: ScenarioResult): ScenarioHead {
  const head: Partial<ScenarioResult> & ScenarioHead = { ...scenario };
  delete head.timeline;
  delete head.evidence;
  delete head.repro;
  delete head.comparisons;
  return head;
}

/**
 * One scenario's evidence, gzipped and in base64. A thousand scenarios hold tens of megabytes of YAML and metadata that
 * shrink about tenfold; the page unpacks one when it is opened (DecompressionStream, in every browser since 2023).
 */
export function packDetail(scenario: ScenarioResult): string {
  const { timeline, evidence, repro, comparisons } = scenario;
  const { calls, logs } = evidence;
  const objects = evidence.objects.map(objectView);
  const detail: ScenarioDetail = {
    timeline,
    objects,
    calls,
    logs,
    ...given({ repro, comparisons }),
  };
  return gzipSync(JSON.stringify(detail)).toString('base64');
}
