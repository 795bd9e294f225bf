/** One step of building or changing a lab: a program, its arguments, and its standard input. */
export interface Command {
  readonly run: readonly string[];
  readonly input?: string;
}

/** Runs a program inside a network namespace. */
export function inside(netns: string, run: readonly string[], input?: string): Command {
  return {
    run: ['ip', 'netns', 'exec', netns, ...run],
    ...(input === undefined ? {} : { input }),
  };
}

/** Lines of `ip` that are carried out in order in a network namespace; the first that fails ends it. */
export function ip(netns: string, ...lines: readonly string[]): Command {
  return { run: ['ip', '-n', netns, '-batch', '-'], input: `${lines.join('\n')}\n` };
}

/** Lines of `bridge`, the same way. */
export function bridge(netns: string, ...lines: readonly string[]): Command {
  return { run: ['bridge', '-n', netns, '-batch', '-'], input: `${lines.join('\n')}\n` };
}

/** Sets kernel settings of a namespace. Names are written with slashes, because names of interfaces may have dots. */
export function sysctl(netns: string, settings: Readonly<Record<string, number>>): Command {
  const words = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  return inside(netns, ['sysctl', '-q', '-w', ...words]);
}

/** A command as one would type it. */
export function formatCommand({ run, input }: Command): string {
  const words = run.map((word) =>
    /^[\w./:=@,+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`,
  );
  const text = words.join(' ');
  return input === undefined ? text : `${text} <<'END'\n${input.trimEnd()}\nEND`;
}
