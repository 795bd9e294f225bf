export { CAUSE_IDS, type CauseId } from './causes/cause.ts';
export { diagnoseFlow } from './diagnose.ts';
export {
  type Cause,
  type CauseRemedy,
  CONCLUSIONS,
  type Conclusion,
  DIAGNOSIS_SCHEMA,
  type Diagnosis,
  type Direction,
} from './model/diagnosis.ts';
