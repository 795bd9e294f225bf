import type { Place } from '../../model/evidence.ts';
import { type Parsed, ProblemLog } from '../parsed.ts';
import { outputLinesOf, reject, toCount } from '../tool-output/index.ts';

/** One feature of `ethtool -k`. */
export interface OffloadFeature extends Place {
  /** As printed; newer kernels and tools have other names than older ones. */
  readonly name: string;
  readonly on: boolean;
  /** The driver does not let it be changed. */
  readonly fixed: boolean;
  /** What was asked for, where that is not what is in force. */
  readonly requested?: boolean;
  /** 1 for the parts of a group such as `tx-checksumming`, which are indented below it; 0 for all others. */
  readonly depth: number;
}

export interface OffloadFeatures {
  readonly device?: string;
  readonly features: ReadonlyMap<string, OffloadFeature>;
}

const FEATURE = /^(\s*)([\w-]{1,80}): (on|off)((?: \[[a-z ]{1,40}\])*)\s*$/;
const FEATURES_HEADING = /^(?:Features|Offload parameters) for (\S{1,80}):\s*$/;
/** The command, written above its output by hand or by a collector. */
const ECHOED_COMMAND = /^[#$] *(?:\S*\/)?ethtool\b/;

/**
 * Reads `ethtool -k`.
 *
 * ```text
 * Features for vxlan.calico:
 * tx-checksumming: on
 * 	tx-checksum-ip-generic: on
 * generic-segmentation-offload: off [requested on]
 * highdma: off [fixed]
 * ```
 * gives `device: 'vxlan.calico'` and features by name, such as `tx-checksum-ip-generic` → `{ on: true, fixed: false,
 * depth: 1, line: 3 }` and `generic-segmentation-offload` → `{ on: false, requested: true, … }`.
 */
export function parseEthtoolFeatures(text: string): Parsed<OffloadFeatures> {
  const problems = new ProblemLog();
  const features = new Map<string, OffloadFeature>();
  let device: string | undefined;
  for (const { number: line, text: content } of outputLinesOf(text, problems)) {
    const heading = FEATURES_HEADING.exec(content)?.[1];
    const feature = readFeature(content, line);
    if (heading !== undefined) {
      if (device !== undefined && device !== heading)
        problems.add({ line }, 'features of a second device', content);
      else device = heading;
    } else if (feature === undefined) {
      if (!ECHOED_COMMAND.test(content))
        reject(problems, { line }, 'expected a feature that is on or off', content);
    } else if (features.has(feature.name)) problems.add({ line }, 'feature printed twice', content);
    else features.set(feature.name, feature);
  }
  return { value: device === undefined ? { features } : { device, features }, problems: problems.list() };
}

function readFeature(text: string, line: number): OffloadFeature | undefined {
  const [, indent, name, state, notes] = FEATURE.exec(text) ?? [];
  if (indent === undefined || name === undefined || notes === undefined) return undefined;
  const feature = {
    line,
    name,
    on: state === 'on',
    fixed: notes.includes('[fixed]'),
    depth: indent === '' ? 0 : 1,
  };
  const requested = /\[requested (on|off)\]/.exec(notes)?.[1];
  return requested === undefined ? feature : { ...feature, requested: requested === 'on' };
}

/**
 * Reads `ethtool -S`.
 *
 * ```text
 * NIC statistics:
 *      rx_packets: 1260062
 *      [0]: tx_bytes: 12
 * ```
 * gives `rx_packets` → 1260062 and `[0]: tx_bytes` → 12. A name printed twice keeps its first value and becomes a problem.
 */
export function parseEthtoolStats(
  text: string,
): Parsed<ReadonlyMap<string, { value: number; line: number }>> {
  const problems = new ProblemLog();
  const stats = new Map<string, { value: number; line: number }>();
  for (const { number: line, text: content } of outputLinesOf(text, problems)) {
    if (/^NIC statistics:\s*$/.test(content) || ECHOED_COMMAND.test(content)) continue;
    // The device is known and keeps no counters.
    if (content.trim() === 'no stats available') continue;
    const colon = content.lastIndexOf(':');
    const name = content.slice(0, Math.max(colon, 0)).trim();
    const value = toCount(content.slice(colon + 1).trim());
    if (name === '' || value === undefined)
      reject(problems, { line }, 'expected a counter, as in "rx_packets: 1"', content);
    else if (stats.has(name)) problems.add({ line }, 'counter printed twice', content);
    else stats.set(name, { value, line });
  }
  return { value: stats, problems: problems.list() };
}

/** `ethtool -i` prints these names only; an error message also has a word and a colon. */
const DRIVER_LINE =
  /^(driver|version|firmware-version|expansion-rom-version|bus-info|supports-[a-z-]{1,40}):(?: (.*))?$/;

/** What `ethtool -i` says about the driver of a device. */
export interface DriverInfo {
  readonly driver?: string;
  readonly version?: string;
  readonly firmwareVersion?: string;
  readonly busInfo?: string;
  /** Every line by its printed name; the value may be empty. */
  readonly fields: ReadonlyMap<string, { value: string; line: number }>;
}

/**
 * Reads `ethtool -i`.
 *
 * ```text
 * driver: vxlan
 * version: 0.1
 * firmware-version:
 * ```
 * gives `{ driver: 'vxlan', version: '0.1', fields }`; a line without a value counts as absent except in `fields`.
 */
export function parseEthtoolDriver(text: string): Parsed<DriverInfo> {
  const problems = new ProblemLog();
  const fields = new Map<string, { value: string; line: number }>();
  for (const { number: line, text: content } of outputLinesOf(text, problems)) {
    const [, name, value] = DRIVER_LINE.exec(content.trimEnd()) ?? [];
    if (name !== undefined) fields.set(name, { value: (value ?? '').trim(), line });
    else if (!ECHOED_COMMAND.test(content))
      reject(problems, { line }, 'expected a line such as "driver: veth"', content);
  }
  return { value: { ...namedFields(fields), fields }, problems: problems.list() };
}

function namedFields(fields: DriverInfo['fields']): Omit<DriverInfo, 'fields'> {
  const names = {
    driver: 'driver',
    version: 'version',
    firmwareVersion: 'firmware-version',
    busInfo: 'bus-info',
  };
  return Object.fromEntries(
    Object.entries(names).flatMap(([name, printed]) => {
      const value = fields.get(printed)?.value ?? '';
      return value === '' ? [] : [[name, value]];
    }),
  );
}
