/**
 * Where something was read: a line of a text (1-based) or a place in a JSON document (JSON pointer).
 * A parser knows nothing of files, so the file is added by whoever called it.
 */
export interface Place {
  readonly line?: number;
  readonly pointer?: string;
}

/**
 * Proof for a statement: a file of the snapshot and the place in it.
 * `file` is relative to the root of the snapshot, for example `nodes/n1/uname.txt`.
 */
export interface Evidence extends Place {
  readonly file: string;
}
