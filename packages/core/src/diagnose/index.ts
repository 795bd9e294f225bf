export { CAUSE_IDS, type CauseId } from './causes/cause.ts';
export { diagnoseFlow } from './diagnose.ts';
export { type ClusterDiagnosisOptions, diagnoseCluster } from './everyone/diagnose-cluster.ts';
export {
  CLUSTER_DIAGNOSIS_SCHEMA,
  type ClusterDiagnosis,
  type NamedMembers,
  type PairCounts,
  type PairProblem,
} from './everyone/model.ts';
export {
  type Cause,
  type CauseRemedy,
  CONCLUSIONS,
  type Conclusion,
  DIAGNOSIS_SCHEMA,
  type Diagnosis,
  type Direction,
} from './model/diagnosis.ts';
