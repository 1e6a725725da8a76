export { readRun, runOf } from './run-file.ts';
export { pageAssets } from './html.ts';
export { bundleDir, writeReports } from './write-reports.ts';
export { mergeRuns } from './comparison/merge.ts';
export { comparisonMarkdown } from './comparison/markdown.ts';
export { writeComparison } from './comparison/write.ts';
