/** What a finding is about. */
export interface Subject {
  readonly kind: SubjectKind;
  /** `namespace/name` where there is a namespace, else the name. */
  readonly name: string;
  /** Only for `object`: what kind of object it is, for example `Namespace`. */
  readonly objectKind?: string;
  readonly apiVersion?: string;
}

export const SUBJECT_KINDS = ['cluster', 'node', 'pod', 'service', 'object'] as const;
export type SubjectKind = (typeof SUBJECT_KINDS)[number];
