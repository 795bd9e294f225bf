import { type AnyProbe, MODULES, PROBES, SNAPSHOT_SCHEMA } from '@netvet/core';
import { MAX_BYTES, MAX_NAMESPACES, MAX_SENSITIVE_BYTES, TIMEOUT_MS } from '../node/defaults.ts';
import { PROGRAM_DIRECTORIES } from '../node/host.ts';
import { MODULE_DIRECTORIES } from '../node/modules.ts';
import { NAMED_NAMESPACES, POD_LOGS } from '../node/namespaces.ts';
import { CRIO_FILES, OTHER_DIRECTORIES, USUAL_DIRECTORY } from '../node/special/cni-bin.ts';
import { LONGEST_CHAIN } from '../node/special/iptables-path.ts';
import { PLAIN_WORD } from '../node/special/kubelet-flags.ts';
import { NOT_IN_THIS_FORMAT, NOT_THERE, PARTLY_REFUSED, REFUSED } from '../node/texts.ts';
import { probeFunction, runFunction, word } from './probe-functions.ts';
import { redactAwk } from './redact-awk.ts';
import { COMMANDS } from './shell/commands.ts';
import { FILES } from './shell/files.ts';
import { MAIN } from './shell/main.ts';
import { NAMESPACES } from './shell/namespaces.ts';
import { OPTIONS } from './shell/options.ts';
import { PROCESSES } from './shell/processes.ts';
import { RECORD } from './shell/record.ts';
import { SPECIAL } from './shell/special.ts';

/**
 * A POSIX shell script that does what {@link collectNode} does, for nodes without Node.js: it runs the same probes under
 * the same rules and writes the same evidence directory. It needs nothing but the usual tools; what it can not free of
 * secrets for sure it leaves out. `version` is that of netvet.
 */
export function collectScript(version: string): string {
  const probes = PROBES.filter(({ source }) => source !== undefined);
  const inside = probes.filter(({ perNamespace }) => perNamespace);
  return [
    HEADER,
    constants(version),
    OPTIONS,
    `cat >"$work/redact.awk" <<'END_OF_AWK'\n${redactAwk()}END_OF_AWK\n`,
    RECORD,
    COMMANDS,
    FILES,
    PROCESSES,
    SPECIAL,
    NAMESPACES,
    ...probes.map((probe) => withAlternatives(probe)),
    runFunction('run_host_probes', probes),
    runFunction('run_namespace_probes', inside),
    MAIN,
  ].join('\n');
}

const HEADER = `#!/bin/sh
# Collects what netvet wants to know of this node, for a scan elsewhere. It only reads, and takes secrets out.
# "sh collect.sh -h" tells the options. Made by "netvet collect script".
# shellcheck disable=SC2012,SC2016,SC2018,SC2019,SC2020,SC2034,SC2086,SC2317
`;

function constants(version: string): string {
  const containerd = PROBES.find(({ id }) => id === 'containerd-config')?.source;
  const values = {
    VERSION: version,
    SCHEMA: SNAPSHOT_SCHEMA,
    PROGRAM_DIRECTORIES: PROGRAM_DIRECTORIES.join(':'),
    DEFAULT_SECONDS: String(TIMEOUT_MS / 1000),
    DEFAULT_BYTES: String(MAX_BYTES),
    SENSITIVE_BYTES: String(MAX_SENSITIVE_BYTES),
    MOST_NAMESPACES: String(MAX_NAMESPACES),
    MODULE_DIRECTORIES: MODULE_DIRECTORIES.join(' '),
    MODULES: MODULES.join(' '),
    CONTAINERD_PATHS: containerd?.kind === 'file' ? containerd.paths.join(' ') : '',
    CRIO_FILES: CRIO_FILES.join(' '),
    USUAL_CNI_DIRECTORY: USUAL_DIRECTORY,
    OTHER_CNI_DIRECTORIES: OTHER_DIRECTORIES.join(' '),
    LONGEST_CHAIN: String(LONGEST_CHAIN),
    PLAIN_WORD,
    POD_LOGS,
    NAMED_NAMESPACES,
    REFUSED,
    PARTLY_REFUSED,
    NOT_THERE,
    NOT_IN_THIS_FORMAT,
  };
  return `${Object.entries(values)
    .map(([name, value]) => `${name}=${word(value)}`)
    .join('\n')}\n`;
}

/** A probe that others make needless is skipped where one of their programs is there. */
function withAlternatives(probe: AnyProbe): string {
  const text = probeFunction(probe);
  const programs = PROBES.filter(({ id }) => probe.unlessFound?.includes(id) === true).flatMap(
    ({ source }) => (source?.kind === 'command' ? [source.commands[0]?.[0] ?? ''] : []),
  );
  if (programs.length === 0) return text;
  const test = programs.map((program) => `has ${word(program)}`).join(' || ');
  return text.replace('{\n', `{\n  if ${test}; then return; fi\n`);
}
