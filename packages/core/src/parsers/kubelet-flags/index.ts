import { linesOf } from '../lines.ts';
import { type Parsed, ProblemLog } from '../parsed.ts';
import { splitWords, type Word } from './words.ts';

/** A command-line flag. */
export interface Flag {
  /** `true` for a flag without a value. The last value where the flag stands several times. */
  readonly value: string;
  readonly line: number;
  /** Every value of the flag in order; flags such as `--feature-gates` add up. */
  readonly values: readonly string[];
}

const FLAG = /^--?([A-Za-z0-9][A-Za-z0-9._-]*)(?:=([\s\S]*))?$/;
/** En dash, em dash and their relatives, which word processors put in place of `--`; the program takes them for a plain word. */
const TYPOGRAPHIC_DASH = /^-?[\u2010-\u2015\u2212\uFE58\uFF0D]/;
/** A variable of an environment file or a directive of a systemd unit in front of the words. */
const ASSIGNMENT = /^(?:export\s+)?[A-Za-z_][A-Za-z0-9_]*=/;
const LONGEST_NAME = 200;

/**
 * Reads the flags of a program: a command line, `/proc/<pid>/cmdline` with its NUL bytes, an environment file or the
 * `ExecStart=` and `Environment=` lines of a systemd unit. Names come without dashes.
 *
 * ```text
 * KUBELET_KUBEADM_ARGS="--node-ip=10.0.0.1 --register-node"
 * ```
 * gives `node-ip` → `{ value: '10.0.0.1', values: ['10.0.0.1'], line: 1 }` and `register-node` → `{ value: 'true', … }`.
 *
 * Words before the first flag of a line (the program) are skipped. A word after a flag without `=` is its value.
 */
export function parseFlags(text: string): Parsed<ReadonlyMap<string, Flag>> {
  const problems = new ProblemLog();
  const flags = new Map<string, Flag & { readonly values: string[] }>();
  let open: { name: string; line: number } | undefined;
  let started = false;

  const add = (name: string, value: string, line: number): void => {
    const values = flags.get(name)?.values ?? [];
    values.push(value);
    flags.set(name, { value, line, values });
  };
  const close = (): void => {
    if (open !== undefined) add(open.name, 'true', open.line);
    open = undefined;
  };

  for (const command of commandsOf(text, problems)) {
    if (command.startsAnew) {
      close();
      started = false;
    }
    for (const { text: word, line } of command.words) {
      const [, name, value] = FLAG.exec(word) ?? [];
      if (TYPOGRAPHIC_DASH.test(word)) {
        problems.add(
          { line },
          'a typographic dash in place of "--": the program does not take this for a flag',
          word,
        );
        close();
        started = true;
      } else if (name !== undefined && name.length <= LONGEST_NAME && !isNegativeNumber(word)) {
        close();
        started = true;
        if (value === undefined) open = { name, line };
        else add(name, value, line);
      } else if (open !== undefined) {
        add(open.name, word, open.line);
        open = undefined;
      } else if (started && word !== '--' && !isReference(word)) {
        problems.add({ line }, 'a word that belongs to no flag', word);
      }
    }
  }
  close();
  return { value: flags, problems: problems.list() };
}

interface Command {
  readonly words: readonly Word[];
  /** False when the words go on with the command line of the line before. */
  readonly startsAnew: boolean;
}

function* commandsOf(text: string, problems: ProblemLog): Generator<Command> {
  if (text.includes('\0')) {
    // The kernel ends each argument with a NUL byte; nothing in between is special.
    const words = text.split('\0').filter((word) => word.trim() !== '');
    yield { words: words.map((word) => ({ text: word, line: 1 })), startsAnew: true };
    return;
  }
  let continued = false;
  for (const { number, text: raw } of linesOf(text)) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#') || (line.startsWith('[') && line.endsWith(']'))) {
      continued = false;
      continue;
    }
    const goesOn = line.endsWith('\\');
    const content = goesOn ? line.slice(0, -1) : line;
    const assigned = !continued && ASSIGNMENT.test(content);
    yield { words: wordsOf(content, number, problems), startsAnew: assigned };
    continued = goesOn;
  }
}

/**
 * The words of a line; where a word is an assignment, the words of the assigned text take its place. Once more inside that
 * text, since `Environment="KUBELET_ARGS=--a --b"` is an assignment inside an assignment.
 */
function wordsOf(text: string, line: number, problems: ProblemLog, levels = 2): readonly Word[] {
  const { words, closed } = splitWords(text, line);
  if (!closed) problems.add({ line }, 'a quote that is not closed', text);
  let flagSeen = false;
  return words.flatMap((word) => {
    flagSeen ||= word.text.startsWith('-');
    const name = flagSeen || levels === 0 ? undefined : ASSIGNMENT.exec(word.text)?.[0];
    return name === undefined ? [word] : wordsOf(word.text.slice(name.length), line, problems, levels - 1);
  });
}

function isNegativeNumber(word: string): boolean {
  return /^-\d+(?:\.\d+)?$/.test(word);
}

/** `$KUBELET_EXTRA_ARGS` in a unit, and the dash of a YAML list of arguments. */
function isReference(word: string): boolean {
  return word.startsWith('$') || word === '-';
}
