export { type Case, type Expectation, readCase } from './case-file.ts';
export { CASE_DATE, evaluateFiles, snapshotFiles } from './evaluate-files.ts';
export { removals, reorderings, type Variation } from './variations.ts';
export { type Border, bordersOf, givenVersion } from './version-borders.ts';
