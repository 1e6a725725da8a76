export { readRun } from './run-file.ts';
export { writeReports } from './write-reports.ts';
