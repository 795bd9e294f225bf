import type { IniSection } from '../../../../parsers/networkd/index.ts';
import { networkdFileProbe } from '../../../../probes/configuration.ts';
import { type Fact, known, knownUncertain, type Origin, unknown } from '../../../fact.ts';
import { at, type Reader } from '../../../reader.ts';
import { operatingSystem } from '../../operating-system/index.ts';
import { type Fits, type MatchedLink, matchKeys, selects } from './match.ts';

/** The `.network` file that systemd-networkd takes for a link. */
export interface SelectedFile {
  /** Name without directory; null where no file selects the link. */
  readonly file: string | null;
  /** The file says `Unmanaged=yes`. */
  readonly unmanaged: boolean;
  /** The file tells networkd to keep addresses and routes that it finds when it starts (`KeepConfiguration=`, systemd 243). */
  readonly keeps: boolean;
}

interface NetworkFile {
  readonly name: string;
  readonly origin: Origin;
  readonly fits: Fits;
  readonly unmanaged: boolean;
  readonly keeps: boolean;
  readonly doubt: string | undefined;
}

/** Distributions whose own files select every link, so that a set without such a file is not the whole set. */
const SHIPS_CATCH_ALL = new Set(['coreos', 'flatcar']);

const MISSING = { fact: 'links of systemd-networkd', command: 'networkctl --no-pager list', where: 'node' };

/**
 * The first `.network` file that selects the link, in the order of the file names whatever directory they are in.
 * Where a file cannot be judged, the answer is known only if it is the same either way.
 */
export function selectedFile(read: Reader, link: MatchedLink): Fact<SelectedFile> {
  const files = networkFiles(read, link);
  const possible: NetworkFile[] = [];
  for (const file of files) {
    if (file.fits === false) continue;
    possible.push(file);
    if (file.fits === true) break;
  }
  const last = possible.at(-1);
  if (
    last?.fits === true &&
    possible.every((file) => file.unmanaged === last.unmanaged && file.keeps === last.keeps)
  ) {
    const value = { file: last.name, unmanaged: last.unmanaged, keeps: last.keeps };
    const origins = possible.map(({ origin }) => origin);
    const doubt = possible.find((file) => file.doubt !== undefined)?.doubt;
    return doubt === undefined ? known(value, ...origins) : knownUncertain(value, doubt, ...origins);
  }
  if (possible.length > 0 || files.length === 0 || !isWhole(read)) return unknown(MISSING);
  return known({ file: null, unmanaged: false, keeps: false }, ...files.map(({ origin }) => origin));
}

function isWhole(read: Reader): boolean {
  const os = read.fact(operatingSystem);
  return os.state === 'known' && !SHIPS_CATCH_ALL.has(os.value.id);
}

function networkFiles(read: Reader, link: MatchedLink): readonly NetworkFile[] {
  const names = read.members(networkdFileProbe).filter((name) => name.endsWith('.network'));
  return [...names].sort(byBytes).flatMap((name) => {
    const probe = read.probe(networkdFileProbe, name);
    if (probe.state === 'missing') return [{ name, origin: at(name, {}), ...UNREADABLE }];
    // An empty file, or a link to /dev/null, takes away the file of that name in a lower directory.
    if (probe.value.length === 0 && probe.complete) return [];
    return [judged(read, name, probe.file, probe.value, probe.complete, link)];
  });
}

const UNREADABLE = { fits: undefined, unmanaged: false, keeps: false, doubt: undefined };

function judged(
  read: Reader,
  name: string,
  file: string,
  sections: readonly IniSection[],
  complete: boolean,
  link: MatchedLink,
): NetworkFile {
  const match = sections.find((section) => section.name === 'Match');
  const fits = complete ? selects(sections, link) : undefined;
  const asksNothing = matchKeys(sections).size === 0;
  return {
    name,
    origin: at(file, match ?? { line: 1 }),
    fits,
    unmanaged: /^(?:1|y|yes|t|true|on)$/i.test(lastValue(sections, 'Link', 'Unmanaged')),
    keeps: /^(?:1|y|yes|t|true|on|static)$/i.test(lastValue(sections, 'Network', 'KeepConfiguration')),
    doubt: asksNothing ? emptyMatchDoubt(read) : undefined,
  };
}

/** Newer releases of systemd ignore a file whose [Match] says nothing; CoreOS ended before that. */
function emptyMatchDoubt(read: Reader): string | undefined {
  const os = read.fact(operatingSystem);
  if (os.state === 'known' && os.value.id === 'coreos') return undefined;
  return 'the file has nothing in [Match], and newer releases of systemd ignore such a file';
}

function lastValue(sections: readonly IniSection[], section: string, key: string): string {
  const entries = sections.filter(({ name }) => name === section).flatMap((one) => one.entries);
  return entries.findLast((entry) => entry.key === key)?.value ?? '';
}

function byBytes(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
