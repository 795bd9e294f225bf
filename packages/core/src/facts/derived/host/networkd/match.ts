import type { IniSection } from '../../../../parsers/networkd/index.ts';
import { fitsGlob } from './glob.ts';

/** A link as `[Match]` sees it. What is undefined is not known. */
export interface MatchedLink {
  readonly names: readonly string[] | undefined;
  /** `openvswitch`, `geneve`, `veth` … */
  readonly driver: string;
  /** networkd's own word for the type: `ether`, `geneve` … */
  readonly type: string;
  readonly mac: string | undefined;
}

/** What cannot be told from the link alone. */
export type Fits = boolean | undefined;

type Property = (link: MatchedLink) => readonly string[] | undefined;

const PROPERTIES: Readonly<Record<string, Property>> = {
  Name: ({ names }) => names,
  Driver: ({ driver }) => [driver],
  Kind: ({ driver }) => [driver],
  Type: ({ type }) => [type],
  MACAddress: ({ mac }) => (mac === undefined ? undefined : [mac]),
  // A virtual device is on no bus, and its address is not a permanent one.
  Path: () => [],
  PermanentMACAddress: () => [],
  WLANInterfaceType: () => [],
  SSID: () => [],
  BSSID: () => [],
};

/** Keys whose values are compared as addresses and not as patterns. */
const ADDRESSES = new Set(['MACAddress', 'PermanentMACAddress', 'BSSID']);

/**
 * Whether a `.network` file selects a link. Keys are joined by AND, the values of one key by OR, a leading `!` turns all
 * values of its key around, and an empty value takes back what was said before.
 * Conditions about the machine (`Host=`, `KernelCommandLine=` …) cannot be told.
 */
export function selects(sections: readonly IniSection[], link: MatchedLink): Fits {
  let unknown = false;
  for (const [key, values] of matchKeys(sections)) {
    const fits = keyFits(key, values, link);
    if (fits === false) return false;
    if (fits === undefined) unknown = true;
  }
  return unknown ? undefined : true;
}

/** Keys of all `[Match]` sections with their values; empty where the file asks for nothing. */
export function matchKeys(sections: readonly IniSection[]): ReadonlyMap<string, readonly string[]> {
  const keys = new Map<string, string[]>();
  for (const { entries } of sections.filter(({ name }) => name === 'Match')) {
    for (const { key, value } of entries) {
      const words = value.split(/\s+/).filter((word) => word !== '');
      if (words.length === 0) keys.delete(key);
      else keys.set(key, [...(keys.get(key) ?? []), ...words]);
    }
  }
  return keys;
}

function keyFits(key: string, values: readonly string[], link: MatchedLink): Fits {
  const property = PROPERTIES[key];
  if (property === undefined) return undefined;
  const negated = values[0]?.startsWith('!') === true;
  const patterns = negated ? [values[0]?.slice(1) ?? '', ...values.slice(1)] : values;
  // Everything fits this, whatever the link is called.
  if (key === 'Name' && patterns.includes('*')) return !negated;
  const own = property(link);
  if (own === undefined) return undefined;
  const found = own.some((value) => patterns.some((pattern) => fitsValue(key, pattern, value)));
  return found !== negated;
}

function fitsValue(key: string, pattern: string, value: string): boolean {
  if (ADDRESSES.has(key)) return pattern.toLowerCase().replaceAll('-', ':') === value.toLowerCase();
  return fitsGlob(pattern, value);
}
