export { readRun, runOf } from './run-file.ts';
export { pageAssets } from './html.ts';
export { bundleDir, writeReports } from './write-reports.ts';
export { mergeRuns } from './comparison/merge.ts';
export { comparisonMarkdown } from './comparison/markdown.ts';
export { writeComparison } from './comparison/write.ts';
export { compareRuns } from './regressions/compare-runs.ts';
export { runName } from './regressions/comparability.ts';
export { comparisonLines, comparisonMarkdown as regressionMarkdown } from './regressions/text.ts';
