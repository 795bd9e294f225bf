import type { AnyProbe, ProbeSource } from '@netvet/core';

/** The shell function of a probe; a probe of interfaces takes the name of one. */
export function probeFunction(probe: AnyProbe): string {
  const { id, needs, sensitive, source } = probe;
  if (source === undefined) return '';
  const file = probe.each === 'interface' ? doubleQuoted(probe.file.replace('*', '$1')) : word(probe.file);
  const lines = [`begin ${id} ${file} ${needs} ${word(sensitive ?? '')}`, ...steps(probe, source)];
  return [`${functionName(probe)}() {`, ...lines.map((line) => `  ${line}`), '}', ''].join('\n');
}

/** A function that runs probes one after the other, those of interfaces for each of them. */
export function runFunction(name: string, probes: readonly AnyProbe[]): string {
  const calls = probes.map((probe) =>
    probe.each === 'interface'
      ? `  for interface in $interfaces; do ${functionName(probe)} "$interface"; done`
      : `  ${functionName(probe)}`,
  );
  return [`${name}() {`, ...calls, '}', ''].join('\n');
}

function functionName({ id }: AnyProbe): string {
  return `probe_${id.replaceAll('-', '_')}`;
}

function steps(probe: AnyProbe, source: ProbeSource): readonly string[] {
  switch (source.kind) {
    case 'command':
      return commandSteps(probe, source.commands);
    case 'file':
      return [fileStep(probe, source)];
    case 'special':
      return [`command=${word(source.command)}`, `special_${source.method.replaceAll('-', '_')}`];
  }
}

function commandSteps(probe: AnyProbe, commands: readonly (readonly string[])[]): readonly string[] {
  const { json, module, loads, samples, nothing, keepsOutput } = probe;
  const lines = [`usual=${doubleQuoted((commands[0] ?? []).join(' ').replace('*', '$1'))}`];
  if (nothing !== undefined) lines.push(`nothing=${word(nothing)}`);
  if (keepsOutput === true) lines.push('keeps=yes');
  if (module !== undefined) lines.push(`nothing_without ${module} && return`);
  if (loads !== undefined) lines.push(`loads=${loads}`, `module_absent ${loads} && only_cat=yes`);
  if (json?.command !== undefined) lines.push(`try_json ${json.file} ${words(json.command)} && return`);
  const attempt = samples === undefined ? 'try_command' : `try_samples ${samples.count} ${samples.seconds}`;
  for (const command of commands) lines.push(`${attempt} ${words(command)} && return`);
  return [...lines, 'give_up'];
}

function fileStep(probe: AnyProbe, source: Extract<ProbeSource, { kind: 'file' }>): string {
  const paths = source.paths.map((path) =>
    path.includes('{release}') ? doubleQuoted(path.replace('{release}', '$release')) : word(path),
  );
  if (probe.each === 'file') return `every_file ${paths.join(' ')}`;
  const { namedBy } = source;
  const named = namedBy === undefined ? [] : [`"$(named_by ${namedBy.program} ${words(namedBy.flags)})"`];
  return `first_file ${[...named, ...paths].join(' ')}`;
}

function words(command: readonly string[]): string {
  return command.map((text) => (text === '*' ? '"$1"' : word(text))).join(' ');
}

/** A word of the shell that stands for just this text. */
export function word(text: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** A word in which variables are filled in. */
function doubleQuoted(text: string): string {
  return `"${text}"`;
}
