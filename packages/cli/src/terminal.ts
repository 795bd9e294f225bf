import { statSync } from 'node:fs';

/** Where messages and progress go; the report alone goes to standard output. */
export interface Messages {
  info(text: string): void;
  /** A line that the next one replaces; nothing where standard error is no terminal. */
  progress(text: string): void;
  endProgress(): void;
}

/** Messages on standard error. `quiet` keeps them back, errors are shown all the same. */
export function messagesFor(options: { readonly quiet?: boolean }): Messages {
  const terminal = process.stderr.isTTY === true && options.quiet !== true;
  let shown = false;
  let last = 0;
  const clear = (): void => {
    if (shown) process.stderr.write('\r\u001b[2K');
    shown = false;
  };
  return {
    info(text) {
      clear();
      if (options.quiet !== true) process.stderr.write(`${text}\n`);
    },
    progress(text) {
      const now = Date.now();
      if (!terminal || now - last < 100) return;
      last = now;
      const width = process.stderr.columns ?? 80;
      process.stderr.write(`\r\u001b[2K${text.slice(0, width - 1)}`);
      shown = true;
    },
    endProgress: clear,
  };
}

/** Colour only on a terminal, and never against `NO_COLOR` (https://no-color.org) or `--no-color`. */
export function wantsColour(options: { readonly color?: boolean; readonly outputFile?: string }): boolean {
  const { NO_COLOR = '', FORCE_COLOR = '', TERM } = process.env;
  if (options.color === false || NO_COLOR !== '' || options.outputFile !== undefined) return false;
  if (FORCE_COLOR !== '' && FORCE_COLOR !== '0') return true;
  return process.stdout.isTTY === true && TERM !== 'dumb';
}

/** Columns of the terminal, within what reads well; 100 where there is none. */
export function textWidth(): number {
  return Math.min(Math.max(process.stdout.columns ?? 100, 60), 120);
}

/** True if `path` exists, whatever it is. */
export function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}
