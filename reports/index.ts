export { readRun } from './run-file.ts';
export { bundleDir, writeReports } from './write-reports.ts';
