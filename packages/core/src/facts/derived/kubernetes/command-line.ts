import { splitWords } from '../../../parsers/kubelet-flags/words.ts';
import type { Origin } from '../../fact.ts';
import { inObject } from '../../reader.ts';
import type { ContainerInPod } from '../kube-proxy/containers.ts';

/** A flag of a command line. */
export interface CommandFlag {
  /** `true` for a flag without a value; the last value where the flag stands several times. */
  readonly value: string;
  readonly values: readonly string[];
  readonly origin: Origin;
}

interface Word {
  readonly text: string;
  readonly origin: Origin;
}

/**
 * The flags a container starts its program with, by name without dashes: `command` and `args` of the container, also
 * where both stand in one shell line, with `$(NAME)` filled in from its environment.
 */
export function flagsOfContainer(found: ContainerInPod): ReadonlyMap<string, CommandFlag> {
  return flagsOf(wordsOf(found));
}

/** Flags out of words, each with the place it was read from. */
export function flagsOf(words: readonly Word[]): ReadonlyMap<string, CommandFlag> {
  const flags = new Map<string, CommandFlag>();
  for (let index = 0; index < words.length; index++) {
    const word = words[index];
    const match = /^--?([A-Za-z][A-Za-z0-9._-]*)(?:=([\s\S]*))?$/.exec(word?.text ?? '');
    const name = match?.[1];
    if (word === undefined || name === undefined) continue;
    const next = words[index + 1];
    const takesNext = match?.[2] === undefined && next !== undefined && !next.text.startsWith('-');
    const value = match?.[2] ?? (takesNext ? next.text : 'true');
    if (takesNext) index++;
    const values = [...(flags.get(name)?.values ?? []), value];
    flags.set(name, { value, values, origin: takesNext ? next.origin : word.origin });
  }
  return flags;
}

function wordsOf({ stored, container, pointer }: ContainerInPod): readonly Word[] {
  return (['command', 'args'] as const).flatMap((field) => {
    const list = container[field];
    if (!Array.isArray(list)) return [];
    return list.flatMap((raw: unknown, index) => {
      if (typeof raw !== 'string') return [];
      const origin = inObject(stored, `${pointer}/${field}/${index}`);
      const text = withEnvironment(raw, container.env);
      // Static pods of kops and GKE start kube-proxy by one shell line.
      if (!/\s--?[A-Za-z]/.test(text)) return [{ text, origin }];
      return splitWords(text.replaceAll('\n', ' '), 1).words.map((word) => ({ text: word.text, origin }));
    });
  });
}

function withEnvironment(text: string, env: ContainerInPod['container']['env']): string {
  if (!text.includes('$(') || !Array.isArray(env)) return text;
  return text.replace(/\$\(([A-Za-z_][A-Za-z0-9_.-]*)\)/g, (whole, name: string) => {
    const value: unknown = env.find((variable) => variable?.name === name)?.value;
    return typeof value === 'string' ? value : whole;
  });
}
