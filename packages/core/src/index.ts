export {
  DISPOSITIONS,
  type Disposition,
  Network,
  type NotModelled,
  TRACE_SCHEMA,
  type TraceAnswer,
  type TraceErrorCode,
  type TraceOptions,
  type TracePath,
  type TraceQuestion,
  type TraceRefusal,
  type TraceStep,
  traceFlow,
} from './datapath/index.ts';
export {
  CAUSE_IDS,
  type Cause,
  type CauseId,
  type CauseRemedy,
  CLUSTER_DIAGNOSIS_SCHEMA,
  type ClusterDiagnosis,
  type ClusterDiagnosisOptions,
  CONCLUSIONS,
  type Conclusion,
  DIAGNOSIS_SCHEMA,
  type Diagnosis,
  type Direction,
  diagnoseCluster,
  diagnoseFlow,
  type NamedMembers,
  type PairCounts,
  type PairProblem,
} from './diagnose/index.ts';
export type { ConditionDefinition, JsonSchema } from './engine/condition.ts';
export { type AnyCondition, CONDITIONS, conditionById } from './engine/conditions/index.ts';
export { type EvaluateOptions, type Evaluation, evaluate } from './engine/evaluate.ts';
export { type AnyFactDefinition, type Fact, type FactLevel, formatFact } from './facts/fact.ts';
export { factById, factIds } from './facts/registry.ts';
export { type FileRole, roleOf } from './facts/snapshot/layout.ts';
export { type LoadOptions, loadSnapshot, type SnapshotFile } from './facts/snapshot/load.ts';
export {
  type KubeObject,
  type ObjectList,
  objectName,
  type StoredObject,
} from './facts/snapshot/object-store.ts';
export { probeFileOf } from './facts/snapshot/probe-files.ts';
export type { NodeEvidence, Snapshot } from './facts/snapshot/snapshot.ts';
export { type ClusterOptions, ClusterSubject, type GivenFacts } from './facts/subjects.ts';
export { type CoverageItem, PROBE_STATUSES, type ProbeStatus } from './model/coverage.ts';
export type { Evidence, Place } from './model/evidence.ts';
export {
  type Answer,
  BASES,
  type Basis,
  type Finding,
  type FindingRemedy,
  type MissingFact,
  type Reason,
  VERDICTS,
  type Verdict,
} from './model/finding.ts';
export {
  type ConditionNode,
  type Confidence,
  type Correction,
  componentOf,
  type Issue,
  type Pack,
  REMEDY_KINDS,
  type Remedy,
  type Scope,
  SYMPTOM_KINDS,
  type Symptom,
} from './model/issue.ts';
export { type Manifest, type ManifestEntry, SNAPSHOT_SCHEMA } from './model/manifest.ts';
export { REPORT_SCHEMA, type Report } from './model/report.ts';
export { isAtLeast, SEVERITIES, type Severity } from './model/severity.ts';
export { SUBJECT_KINDS, type Subject, type SubjectKind } from './model/subject.ts';
export { type ListElement, ListSplitter, parseListElement } from './parsers/kube-objects/index.ts';
export { parseYamlDocuments } from './parsers/yaml/index.ts';
export { type ParsedArguments, parseGivenFacts, preflightKeys } from './preflight/given-facts.ts';
export { PROBES } from './probes/catalogue.ts';
export { MODULES } from './probes/modules.ts';
export type { AnyProbe, Probe, ProbeSource, SpecialMethod } from './probes/probe.ts';
export {
  buildReport,
  explainIssue,
  FORMATS,
  formatById,
  listIssues,
  type ReportContext,
  type ReportFormat,
  type ReportInput,
  type TextOptions,
} from './report/index.ts';
export { lostSyns, parseSymptom } from './symptom/query.ts';
export { type Candidate, rankSymptoms } from './symptom/rank.ts';
export { type SeparatingCheck, separatingChecks } from './symptom/separate.ts';
export {
  formatVersion,
  parseRange,
  parseVersion,
  rangeBorders,
  rangeContains,
  type Version,
  type VersionRange,
} from './versions/index.ts';
