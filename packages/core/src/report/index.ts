export { buildReport, type ReportInput } from './build/build-report.ts';
export { explainIssue } from './explain/explain-issue.ts';
export type { ReportContext, ReportFormat } from './format.ts';
export { FORMATS, formatById } from './formats/index.ts';
export { listIssues, type TextOptions } from './list/list-issues.ts';
