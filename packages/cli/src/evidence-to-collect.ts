import { type AnyProbe, type Diagnosis, probeFileOf } from '@netvet/core';

/** What would settle an unknown diagnosis: the files that are missing, each with the command that makes it. */
export function evidenceToCollect({ notModelled, paths, nameLookup }: Diagnosis): readonly string[] {
  const files = notModelled
    .filter(({ couldChangeAnswer, text }) => couldChangeAnswer && /not collected|cut or damaged/.test(text))
    .map(({ file }) => commandFor(file));
  const ends = [...paths, ...(nameLookup?.paths ?? [])]
    .flatMap((path) => [path, ...(path.reply === undefined ? [] : [path.reply])])
    .filter(({ disposition }) => disposition === 'left-network' || disposition === 'unknown')
    .map(({ at, steps }) => {
      const where = at.interface === undefined ? at.node : `${at.node}, interface ${at.interface}`;
      return `what comes after ${where}: ${steps.at(-1)?.detail ?? 'the last step'}`;
    });
  return [...new Set([...files, ...ends])];
}

function commandFor(path: string): string {
  const [, node, netns, file = path] =
    /^nodes\/([^/]+)\/(?:netns\/([^/]+)\/)?(.+)$/.exec(path) ?? /^(node)\/()(.+)$/.exec(path) ?? [];
  const command = commandOf(probeFileOf(file)?.probe);
  const where = netns === undefined || netns === '' ? node : `${node}, network namespace ${netns}`;
  return command === undefined ? path : `${path}: ${command}${where === undefined ? '' : `, on ${where}`}`;
}

function commandOf(probe: AnyProbe | undefined): string | undefined {
  switch (probe?.source?.kind) {
    case 'command':
      return probe.source.commands[0]?.join(' ');
    case 'file':
      return probe.source.paths[0];
    case 'special':
      return probe.source.command;
    case undefined:
      return undefined;
  }
}
