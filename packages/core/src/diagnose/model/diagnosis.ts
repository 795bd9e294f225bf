import type { NotModelled, TraceAnswer, TracePath } from '../../datapath/model/answer.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { FindingRemedy } from '../../model/finding.ts';
import type { Subject } from '../../model/subject.ts';
import type { CauseId } from '../causes/cause.ts';

export const DIAGNOSIS_SCHEMA = 'netvet.dev/diagnosis/v1';

/** What the walk of a question and of its answer comes to. */
export const CONCLUSIONS = ['reachable', 'unreachable', 'partly-reachable', 'unknown'] as const;
export type Conclusion = (typeof CONCLUSIONS)[number];

/** Which packets a cause is about. */
export type Direction = 'request' | 'reply' | 'name-lookup';

/** A change that takes a cause away, and where its command runs. */
export interface CauseRemedy extends FindingRemedy {
  /** Node, and network namespace of a pod where it is not the node's own. Absent for what is done with the cluster's API. */
  readonly where?: { readonly node: string; readonly netns?: string };
}

/** Why packets are lost, or may be. */
export interface Cause {
  readonly cause: CauseId;
  /**
   * `blocks`: the walk shows that packets are lost by it. `hazard`: it stands in the evidence or can not be ruled out, and whether
   * packets are lost by it can not be seen there.
   */
  readonly effect: 'blocks' | 'hazard';
  readonly direction: Direction;
  readonly subject: Subject;
  /** One or two sentences with names and values: what is wrong, and how that loses the packet. */
  readonly text: string;
  readonly evidence: readonly Evidence[];
  /** The first one repairs it now, the next ones keep it from coming back. */
  readonly remedies: readonly CauseRemedy[];
}

export interface Diagnosis {
  readonly schema: typeof DIAGNOSIS_SCHEMA;
  readonly question: TraceAnswer['question'];
  readonly conclusion: Conclusion;
  /** Causes that block first. */
  readonly causes: readonly Cause[];
  /** Paths with their replies. */
  readonly paths: readonly TracePath[];
  /** The question for the name's address, where the target was asked for by a name. */
  readonly nameLookup?: {
    readonly question: TraceAnswer['question'];
    readonly conclusion: Conclusion;
    readonly paths: readonly TracePath[];
  };
  readonly notModelled: readonly NotModelled[];
}
