import type { Issue } from '../model/issue.ts';
import type { Report } from '../model/report.ts';

/** What a format gets besides the report. */
export interface ReportContext {
  /** Entries of the catalogue by id: titles, summaries, remedies … An issue that is not in it is shown by its id. */
  readonly issues: ReadonlyMap<string, Issue>;
  /** Colour by ANSI escapes; only the text format heeds it. */
  readonly colour: boolean;
  /** Columns to wrap to; only the text format heeds it. */
  readonly width: number;
  /** Every proof, every name and every unknown in full. */
  readonly verbose: boolean;
  /** Headlines and the summary only. */
  readonly quiet: boolean;
}

/** One form of a report. The same report and context give the same text. */
export interface ReportFormat {
  /** What `--output` takes. */
  readonly id: string;
  readonly title: string;
  readonly mediaType: string;
  /** For file names, without a dot. */
  readonly extension: string;
  render(report: Report, context: ReportContext): string;
}
