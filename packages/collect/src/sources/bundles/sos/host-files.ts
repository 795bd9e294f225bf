import { PROBES } from '@netvet/core';

interface HostFile {
  readonly pattern: RegExp;
  /** Our file; `*` stands for the name of the host's file. */
  readonly file: string;
}

/** The files that our own probes copy from a host stand in the report under their own paths. */
const HOST_FILES: readonly HostFile[] = PROBES.flatMap(({ file, source }) =>
  source?.kind === 'file'
    ? source.paths
        // A packed file would have to be unpacked here.
        .filter((path) => !path.endsWith('.gz'))
        .map((path) => ({ pattern: patternOf(path), file }))
    : [],
);

function patternOf(path: string): RegExp {
  const escaped = path.slice(1).replace(/[.+^$()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '[^/]*').replace('{release}', '[^/]+')}$`);
}

/** Our file, below the node, for a file of the host. */
export function hostFile(path: string): string | undefined {
  const found = HOST_FILES.find(({ pattern }) => pattern.test(path));
  return found?.file.replace('*', path.slice(path.lastIndexOf('/') + 1));
}
