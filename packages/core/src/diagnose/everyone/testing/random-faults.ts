/** Numbers from 0 to below 1, the same for the same seed (Mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Files = Readonly<Record<string, string>>;
type Random = () => number;

const pick = <T>(random: Random, all: readonly T[]): T | undefined => all[Math.floor(random() * all.length)];

/** Files of a cluster with something wrong in one of them: a line gone, doubled, moved, or with a name that belongs elsewhere. */
export function withFault(files: Files, random: Random): Files {
  const paths = Object.keys(files).filter((name) => name.startsWith('nodes/') && files[name] !== '');
  const kinds = [...new Set(paths.map((name) => name.slice(name.lastIndexOf('/'))))];
  const kind = pick(random, kinds) ?? '';
  const path = pick(
    random,
    paths.filter((name) => name.endsWith(kind)),
  );
  const content = path === undefined ? undefined : files[path];
  if (path === undefined || content === undefined) return files;
  const lines = content.split('\n').slice(0, -1);
  const at = Math.floor(random() * lines.length);
  const change = pick(random, CHANGES);
  const changed = change?.(lines, at, random, files, path);
  return changed === undefined ? files : { ...files, [path]: changed.map((line) => `${line}\n`).join('') };
}

type Change = (
  lines: readonly string[],
  at: number,
  random: Random,
  files: Files,
  path: string,
) => readonly string[] | undefined;

const remove: Change = (lines, at) => lines.toSpliced(at, 1);

const double: Change = (lines, at, random) =>
  lines.toSpliced(Math.floor(random() * lines.length), 0, lines[at] ?? '');

const move: Change = (lines, at, random) =>
  lines.toSpliced(at, 1).toSpliced(Math.floor(random() * lines.length), 0, lines[at] ?? '');

const NAMES = [/\b\d+\.\d+\.\d+\.\d+(?:\/\d+)?\b/g, /\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b/g, /\bcali\w{11}\b/g];

/** Puts another address, hardware address or device of the cluster in the place of one. */
const rename: Change = (lines, at, random, files) => {
  const line = lines[at] ?? '';
  const kind = pick(
    random,
    NAMES.filter((pattern) => line.search(pattern) >= 0),
  );
  if (kind === undefined) return undefined;
  const name = pick(random, line.match(kind) ?? []);
  const other = pick(random, (files[pick(random, Object.keys(files)) ?? ''] ?? '').match(kind) ?? []);
  return name === undefined || other === undefined ? undefined : lines.with(at, line.replace(name, other));
};

/** Another number for a setting, or an interface that is down, or another state of a neighbour. */
const alter: Change = (lines, at) => {
  const line = lines[at] ?? '';
  const changed = line
    .replace(/ = (\d)$/, (_, value: string) => ` = ${value === '0' ? 1 : 0}`)
    .replace(/,UP,LOWER_UP>/, '>')
    .replace(/ (?:REACHABLE|STALE|PERMANENT)$/, ' FAILED')
    .replace(/^(\S+) via \S+ dev \S+.*$/, 'blackhole $1')
    .replace(/ mtu \d+/, ' mtu 40');
  return changed === line ? undefined : lines.with(at, changed);
};

/** A rule that drops packets from, to, or by something of the cluster. */
const filter: Change = (lines, _, random, files, path) => {
  if (!path.endsWith('iptables-legacy-save.txt')) return undefined;
  const all = Object.values(files).join('\n');
  const address = (): string =>
    pick(random, all.match(/\b(?:10|172)\.\d+\.\d+\.\d+(?:\/\d+)?\b/g) ?? []) ?? '10.0.0.1';
  const device = (): string =>
    pick(random, [...(lines.join('\n').match(/\bcali\w{11}\b/g) ?? []), 'eth0', 'vxlan.calico', 'cali0+']) ??
    'eth0';
  const matches = [
    () => `-s ${address()}`,
    () => `-d ${address()}`,
    () => `! -s ${address()}`,
    () => `-i ${device()}`,
    () => `-o ${device()}`,
    () => `-i ${device()} -o ${device()}`,
    () => `-s ${address()} -o ${device()}`,
    () => '-m statistic --mode random --probability 0.5',
    () => '-m unheard-of',
  ];
  const rule = `-A ${pick(random, ['FORWARD', 'INPUT', 'OUTPUT', 'cali-FORWARD', 'cali-pri-kns.default'])} ${pick(random, matches)?.()} -j ${pick(random, ['DROP', 'ACCEPT', 'REJECT', 'RETURN'])}`;
  const rules = lines.flatMap((line, index) => (line.startsWith('-A ') ? [index] : []));
  return lines.toSpliced(pick(random, rules) ?? lines.length, 0, rule);
};

const CHANGES: readonly Change[] = [
  remove,
  remove,
  double,
  move,
  rename,
  rename,
  alter,
  alter,
  filter,
  filter,
  filter,
];
