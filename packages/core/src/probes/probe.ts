import type { Parsed } from '../parsers/parsed.ts';

/**
 * One kind of raw evidence: how it is got, where it is kept and which parser reads it.
 * The list of all probes (`catalogue.ts`) drives `collect node`, `collect script`, reading and the commands that
 * an `unknown` names.
 */
export interface Probe<T = unknown> {
  readonly id: string;
  /** What a person would call it. */
  readonly title: string;
  /** File below the node's (or namespace's) directory; `*` stands for the name of a member, see {@link each}. */
  readonly file: string;
  parse(text: string): Parsed<T>;
  /** The same facts as JSON; read first where both are there. */
  readonly json?: {
    readonly file: string;
    parse(text: string): Parsed<T>;
    /** The command for the JSON form; probes without it only accept the form. */
    readonly command?: readonly string[];
  };
  /** How it is obtained on a node; absent where another tool has to make it. */
  readonly source?: ProbeSource;
  /** What the members of a family are, when `file` holds a `*`. */
  readonly each?: 'interface' | 'file' | 'container';
  /** `root` where an ordinary user is refused. */
  readonly needs: 'nobody' | 'root';
  /** Also taken inside the network namespaces of pods. */
  readonly perNamespace: boolean;
  /** What secrets the output may hold; absent where it can hold none. */
  readonly sensitive?: 'configuration' | 'logs' | 'arguments';
}

export type ProbeSource =
  /** Needs a few steps of its own; `command` is what a person would type. */
  | { readonly kind: 'special'; readonly command: string }
  /** Runs the first of the commands that exists; `*` in an argument is the member's name. */
  | { readonly kind: 'command'; readonly commands: readonly (readonly string[])[] }
  /**
   * Reads files: with `*` in the last part, every match of every path; else the first that exists.
   * `{release}` is the running kernel release; a `.gz` is unpacked.
   */
  | { readonly kind: 'file'; readonly paths: readonly string[] };

/** A probe whatever its value. */
export type AnyProbe = Probe<unknown>;

/** Gives the value type of a probe from its parser. */
export function defineProbe<T>(probe: Probe<T>): Probe<T> {
  return probe;
}
