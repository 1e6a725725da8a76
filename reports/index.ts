export { conclusionOf, type Conclusion } from './conclusion.ts';
export { conformanceReportYaml } from './conformance-report.ts';
export { pageAssets, reportHtml, type PageAssets } from './html.ts';
export { junitXml } from './junit.ts';
export { problemsWithRun, readRun } from './run-file.ts';
export { summaryMarkdown } from './summary.ts';
export { writeReports, type WrittenReports } from './write-reports.ts';
