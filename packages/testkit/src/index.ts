export { type Case, type Expectation, readCase } from './case-file.ts';
export { CASE_DATE, evaluateFiles, snapshotFiles } from './evaluate-files.ts';
export { type GeneratedFile, generateCluster, smallLists } from './scale/cluster.ts';
export { nodeEvidence } from './scale/node-evidence.ts';
export { nodeName, type ScaleOptions } from './scale/objects.ts';
export { removals, reorderings, type Variation } from './variations.ts';
export { type Border, bordersOf, givenVersion } from './version-borders.ts';
