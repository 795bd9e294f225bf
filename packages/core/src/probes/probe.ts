import type { SharedLines } from '../parsers/iproute2/shared-lines.ts';
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
  /** Parsers of long lists may share records between texts that are read with the same `lines`. */
  parse(text: string, lines?: SharedLines): Parsed<T>;
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
  /**
   * Kernel module without which there is nothing to show. Asking would make the kernel load it, so the command is not
   * run where the module is known to be neither loaded nor built in; that is an empty answer.
   */
  readonly module?: string;
  /** Kernel module that the command makes the kernel load. Not run where it is known not to be there. */
  readonly loads?: string;
  /** Taken several times for a difference, as `<name>.1.txt`, `<name>.2.txt` …; `file` is the last sample. */
  readonly samples?: { readonly count: number; readonly seconds: number };
  /** Ids of probes that say more: taken only where the programs of none of them exist. */
  readonly unlessFound?: readonly string[];
  /** Each line stands for itself, and the tool fails where it could not print one of them: what it printed is kept. */
  readonly keepsOutput?: true;
  /** What the tool says, in lower case, when it fails because there is nothing to print: an empty answer. */
  readonly nothing?: string;
}

/** Probes that need a few steps of their own. */
export type SpecialMethod =
  | 'modules-available'
  | 'iptables-path'
  | 'cni-bin'
  | 'kubelet-flags'
  | 'kube-proxy-mode';

export type ProbeSource =
  /** Needs a few steps of its own; `command` is what a person would type. */
  | { readonly kind: 'special'; readonly method: SpecialMethod; readonly command: string }
  /** Runs the first of the commands that exists; `*` in an argument is the member's name. */
  | { readonly kind: 'command'; readonly commands: readonly (readonly string[])[] }
  /**
   * Reads files: with `*` in the last part, every match of every path (of several of one name the first); else the
   * first that exists.
   * `{release}` is the running kernel release; a `.gz` is unpacked.
   */
  | {
      readonly kind: 'file';
      readonly paths: readonly string[];
      /** A file that a running program was told to read goes before `paths`. */
      readonly namedBy?: { readonly program: string; readonly flags: readonly string[] };
    };

/** A probe whatever its value. */
export type AnyProbe = Probe<unknown>;

/** Gives the value type of a probe from its parser. */
export function defineProbe<T>(probe: Probe<T>): Probe<T> {
  return probe;
}
