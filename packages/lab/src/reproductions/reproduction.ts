import type { TestBed } from './test-bed.ts';

/** What a kernel did when it was asked to show a defect. */
export interface Measurement {
  /** `not-possible`: the defect could not be looked for, so nothing is known. */
  readonly result: 'present' | 'absent' | 'not-possible';
  /** What was seen, with values. */
  readonly measured: string;
}

/** A way to make a kernel show a known issue, in network namespaces of its own. */
export interface Reproduction {
  /** Folder name; catalogue entries name it. */
  readonly name: string;
  /** Ids of the catalogue entries whose defect it shows. */
  readonly issues: readonly string[];
  /** One sentence: what is done and what tells that the defect is there. */
  readonly method: string;
  /** Asks the kernel that runs. Throws a `LabError` where a command fails. */
  run(bed: TestBed): Promise<Measurement>;
}
