import type { ReportFormat } from '../../format.ts';
import { toJson } from '../../shared/to-json.ts';

/** The report itself, as contract section 3 describes it. */
export const jsonFormat: ReportFormat = {
  id: 'json',
  title: 'JSON, for programs',
  mediaType: 'application/json',
  extension: 'json',
  render: (report) => toJson(report, report.findings.length),
};
