export { readRun, runOf } from './run-file.ts';
export { pageAssets } from './html.ts';
export { bundleDir, writeReports } from './write-reports.ts';
