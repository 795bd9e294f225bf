import { isMac } from '../iproute2/address.ts';
import type { Draft } from '../iproute2/defined.ts';
import type { Line } from '../lines.ts';
import type { ProblemLog } from '../parsed.ts';
import { outputLinesOf, reject, wordsOf } from '../tool-output/index.ts';
import { isKnownKind, readDetails, toValue } from './details.ts';
import type { Link, LinkValue } from './link.ts';
import { isCommonAttribute } from './names.ts';
import { withVxlanDefaults } from './vxlan-defaults.ts';

/** A link while its lines are read. */
export interface LinkDraft extends Draft<Link> {
  name: string;
  attributes: Record<string, LinkValue>;
  altNames?: string[];
}

const HEADER = /^(\d{1,10}): ([^\s:]+): <([^>]*)>(.*)$/;
const KIND = /^[a-z0-9_-]{2,32}$/;
/** Without `-d` this word alone tells of a program: `xdp`, `xdpgeneric/id:45` (iproute2, ip/iplink_xdp.c, `xdp_dump`). */
const XDP = /^xdp(?:generic|offload|multi)?(?:\/id:\d+)?$/;
const HEADER_ATTRIBUTES = new Set(['qdisc', 'mode', 'group', 'qlen']);

/**
 * Walks the links of `ip link` or `ip addr` in text form. A line under a link that says nothing about the link itself
 * is given to `onLine`, which answers whether it knows it. `-o` output, where lines are joined by `\`, is accepted.
 */
export function readLinks(
  text: string,
  problems: ProblemLog,
  onLine: (link: LinkDraft, line: Line) => boolean,
): readonly LinkDraft[] {
  const links: LinkDraft[] = [];
  let link: LinkDraft | undefined;
  for (const line of outputLinesOf(text, problems)) {
    const [first = '', ...joined] = line.text.split(/\\(?= {3})/);
    const parts = HEADER.test(first) ? [first, ...joined] : [line.text];
    for (const part of parts) {
      const header = readHeader(part, line.number);
      if (header !== undefined) {
        link = header;
        links.push(header);
      } else if (!/^\s/.test(part)) {
        // What is indented below it belongs to nothing that was understood.
        link = undefined;
        reject(problems, { line: line.number }, 'expected a link, as in "2: eth0: <UP> mtu 1500"', part);
      } else if (link === undefined) {
        problems.add({ line: line.number }, 'belongs to no link', part);
      } else if (!readLine(link, part) && !onLine(link, { number: line.number, text: part })) {
        reject(problems, { line: line.number }, 'unknown line about a link', part);
      }
    }
  }
  for (const vxlan of links.filter(({ kind }) => kind === 'vxlan')) {
    const { minmtu, numtxqueues } = vxlan.attributes;
    const form = { isComplete: numtxqueues !== undefined, isTextSince419: minmtu !== undefined };
    vxlan.details = withVxlanDefaults(vxlan.details, form);
  }
  return links;
}

function readHeader(text: string, line: number): LinkDraft | undefined {
  const [, index, label, flags, rest] = HEADER.exec(text) ?? [];
  if (index === undefined || label === undefined || flags === undefined || rest === undefined)
    return undefined;
  const at = label.lastIndexOf('@');
  const peer = at > 0 ? label.slice(at + 1) : undefined;
  const link: LinkDraft = {
    line,
    index: Number(index),
    name: at > 0 ? label.slice(0, at) : label,
    flags: flags === '' ? [] : flags.split(','),
    details: {},
    slaveDetails: {},
    attributes: {},
  };
  if (peer !== undefined) link.peer = peer;
  const peerIndex = /^if(\d{1,10})$/.exec(peer ?? '')?.[1];
  if (peerIndex !== undefined) link.peerIndex = Number(peerIndex);
  readHeaderAttributes(link, wordsOf(rest));
  return link;
}

function readHeaderAttributes(link: LinkDraft, words: readonly string[]): void {
  for (let at = 0; at + 1 < words.length; at++) {
    const name = words[at] ?? '';
    const value = words[at + 1] ?? '';
    if (XDP.test(name)) {
      link.attributes.xdp = true;
      continue;
    }
    if (name === 'mtu' && /^\d{1,10}$/.test(value)) link.mtu = Number(value);
    else if (name === 'master') link.master = value;
    else if (name === 'state') link.state = value;
    else if (HEADER_ATTRIBUTES.has(name)) link.attributes[name] = toValue(value);
    else continue;
    at++;
  }
}

/** Reads a line below the header; false when it is none of the link's own. */
function readLine(link: LinkDraft, text: string): boolean {
  const words = wordsOf(text);
  const first = words[0] ?? '';
  if (first.startsWith('link/')) {
    readHardware(link, words);
    return true;
  }
  if (first === 'alias') {
    link.alias = text.slice(text.indexOf('alias') + 'alias'.length).trim();
    return true;
  }
  if (first === 'altname') {
    const name = words[1];
    if (name === undefined) return false;
    link.altNames = [...(link.altNames ?? []), name];
    return true;
  }
  if (first.startsWith('prog/xdp')) {
    link.attributes.xdp = true;
    return true;
  }
  if (isStatistics(words) || first === 'vf') return true;
  return readKind(link, words);
}

/** `RX: bytes packets`, `TX errors: aborted`, and the numbers below them (`12K` with `-h`). */
function isStatistics(words: readonly string[]): boolean {
  return /^[RT]X:?$/.test(words[0] ?? '') || words.every((word) => /^\d+(?:\.\d+)?[kKMGTPE]?i?$/.test(word));
}

function readHardware(link: LinkDraft, words: readonly string[]): void {
  link.linkType = (words[0] ?? '').slice('link/'.length);
  const address = words[1];
  if (address !== undefined && isMac(address)) link.mac = address;
  for (let at = 1; at + 1 < words.length; at++) {
    const value = words[at + 1] ?? '';
    if (words[at] === 'link-netnsid' && /^\d{1,9}$/.test(value)) link.peerNetnsId = Number(value);
    if (words[at] === 'link-netns') link.peerNetns = value;
  }
  readCommon(link, words);
}

/** Takes the common attributes from the end of a line and returns the words before them. */
function readCommon(link: LinkDraft, words: readonly string[]): readonly string[] {
  const start = words.findIndex(isCommonAttribute);
  if (start < 0) return words;
  for (let at = start; at + 1 < words.length; at++) {
    const name = words[at] ?? '';
    if (!isCommonAttribute(name)) continue;
    link.attributes[name] = toValue(words[at + 1] ?? '');
    at++;
  }
  return words.slice(0, start);
}

/** `vxlan id 1 …` and `bridge_slave state forwarding …`: the first line of its sort below a link in detailed output. */
function readKind(link: LinkDraft, words: readonly string[]): boolean {
  const word = words[0] ?? '';
  // An unknown word is taken for a kind only where `-d` shows by the attributes it prints before it.
  const isKind = isKnownKind(word) || (link.attributes.promiscuity !== undefined && KIND.test(word));
  if (!isKind || ['inet', 'inet6', 'valid_lft'].includes(word)) return false;
  const isSlave = word.endsWith('_slave');
  if (isSlave ? link.slaveKind !== undefined : link.kind !== undefined || link.slaveKind !== undefined)
    return false;
  const own = readCommon(link, words.slice(1));
  const details = readDetails(word, own);
  if (isSlave) {
    link.slaveKind = word.slice(0, -'_slave'.length);
    link.slaveDetails = details;
  } else {
    link.kind = word;
    link.details = details;
  }
  return true;
}
