export {
  DISPOSITIONS,
  type Disposition,
  type NotModelled,
  TRACE_SCHEMA,
  type TraceAnswer,
  type TraceErrorCode,
  type TracePath,
  type TraceQuestion,
  type TraceRefusal,
  type TraceStep,
} from './model/answer.ts';
export { Network } from './model/network.ts';
export { type TraceOptions, traceFlow } from './trace.ts';
