export type LabErrorCode =
  | 'bad-option'
  | 'not-root'
  | 'missing-tool'
  | 'missing-feature'
  | 'no-such-lab'
  | 'no-such-fault'
  | 'not-possible'
  | 'command-failed'
  | 'no-agent';

/** Something about a lab that the user can mend: wrong options, missing rights, tools or features of the kernel. */
export class LabError extends Error {
  override readonly name = 'LabError';
  readonly code: LabErrorCode;

  constructor(code: LabErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
