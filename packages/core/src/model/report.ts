import type { CoverageItem } from './coverage.ts';
import type { Finding } from './finding.ts';

export const REPORT_SCHEMA = 'netvet.dev/report/v1';

/** The result of a scan: contract section 3. */
export interface Report {
  readonly schema: typeof REPORT_SCHEMA;
  readonly netvet: string;
  readonly catalogue: { readonly version: string; readonly issues: number };
  readonly source: { readonly kind: string; readonly takenAt?: string; readonly nodes: number };
  /** Number of issues by their worst verdict over all subjects; the four add up to the issues evaluated. */
  readonly summary: {
    readonly affected: number;
    readonly mitigated: number;
    readonly notAffected: number;
    readonly unknown: number;
  };
  readonly findings: readonly Finding[];
  readonly coverage: readonly CoverageItem[];
}
