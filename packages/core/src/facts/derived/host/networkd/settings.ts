import { networkdFileProbe } from '../../../../probes/configuration.ts';
import { journalProbe } from '../../../../probes/system.ts';
import { distributionOf, parseVersion } from '../../../../versions/index.ts';
import {
  type Fact,
  type FactDefinition,
  from,
  known,
  knownUncertain,
  type Origin,
  unknown,
} from '../../../fact.ts';
import { at, type Reader } from '../../../reader.ts';
import { operatingSystem } from '../../operating-system/index.ts';
import { networkdActive } from './live.ts';

/** Releases of systemd by distribution, as they ship it. */
const SHIPPED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  photon: { '1.0': '228', '2.0': '233', '3.0': '239', '4.0': '247.13', '5.0': '253.19' },
  ubuntu: { '18.04': '237', '20.04': '245', '22.04': '249.11', '24.04': '255' },
  debian: { 10: '241', 11: '247', 12: '252', 13: '257' },
  amzn: { 2: '219', 2023: '252' },
  rhel: { 7: '219', 8: '239', 9: '252', 10: '257' },
};

/** Release of systemd, `249.11`: what it said when the host booted, else what the distribution ships. */
export const systemdVersion: FactDefinition<string> = {
  id: 'host.systemd-version',
  title: 'systemd version',
  level: 'node',
  fromText: (text) => text,
  compute(read) {
    const journal = read.probe(journalProbe);
    if (journal.state === 'read') {
      const line = journal.value.findLast(({ text }) =>
        /systemd \d+(?:\.\d+)? ?[^ ]* running in system mode/.test(text),
      );
      const version = /systemd (\d+(?:\.\d+)?)/.exec(line?.text ?? '')?.[1];
      if (line !== undefined && version !== undefined) return known(version, at(journal.file, line));
    }
    const os = read.fact(operatingSystem);
    if (os.state === 'known') {
      const { id, release } = distributionOf(os.value);
      const version = release === undefined ? undefined : SHIPPED[id]?.[release];
      if (version !== undefined) return known(version, from(operatingSystem));
    }
    return unknown({ fact: 'systemd version', command: 'systemctl --version', where: 'node' });
  },
};

/** A setting of section [Network] in networkd.conf and its drop-ins; null where they were read and do not name it. */
function networkSetting(read: Reader, key: string): Fact<string | null> {
  const names = read.members(networkdFileProbe).filter((name) => name.endsWith('.conf'));
  const origins: Origin[] = [];
  let found: { readonly value: string; readonly origin: Origin } | undefined;
  // The main file has the lowest rank; drop-ins follow in the order of their names.
  for (const name of [...names].sort((a, b) => rankOf(a) - rankOf(b) || (a < b ? -1 : 1))) {
    const probe = read.probe(networkdFileProbe, name);
    if (probe.state === 'missing' || !probe.complete) return unknown(MISSING);
    origins.push(at(probe.file, {}));
    for (const { name: section, entries } of probe.value) {
      const entry = section === 'Network' ? entries.findLast((one) => one.key === key) : undefined;
      if (entry !== undefined) found = { value: entry.value, origin: at(probe.file, entry) };
    }
  }
  if (found !== undefined) return known(found.value, found.origin);
  return names.includes('networkd.conf') ? known(null, ...origins) : unknown(MISSING);
}

function rankOf(name: string): number {
  return name === 'networkd.conf' ? 0 : 1;
}

const MISSING = {
  fact: 'settings of systemd-networkd',
  command: 'systemd-analyze cat-config systemd/networkd.conf',
  where: 'node',
};

const IS_NO = /^(?:0|n|no|f|false|off)$/i;

/** What networkd removes at a restart although others made it. */
export type ForeignRemoval = 'routes and rules' | 'routes' | 'rules' | 'kept' | 'nothing';

/**
 * Foreign routes and policy rules that networkd removes when it starts: routes since 228, rules since 248, unless its
 * settings forbid it (`kept`). The setting for rules does nothing from 249.0 to 249.4 (systemd commit 771a36439e).
 * `nothing`: it does not run, or is too old.
 */
export const foreignRemoval: FactDefinition<ForeignRemoval> = {
  id: 'networkd.foreign-removal',
  title: 'foreign routes and rules that systemd-networkd removes',
  level: 'node',
  compute(read) {
    const active = read.fact(networkdActive);
    if (active.state === 'unknown') return active;
    if (!active.value) return known('nothing', from(networkdActive));
    const systemd = read.fact(systemdVersion);
    if (systemd.state === 'unknown') return systemd;
    const version = parseVersion(`${systemd.value}${'.0'.repeat(2 - systemd.value.split('.').length + 1)}`);
    if (version === undefined)
      return unknown({ fact: 'systemd version', command: 'systemctl --version', where: 'node' });
    if (version.major < 228) return known('nothing', from(networkdActive), from(systemdVersion));
    return byTwoSettings(read, version.major, version.minor);
  },
};

function byTwoSettings(read: Reader, major: number, minor: number): Fact<ForeignRemoval> {
  const routes = major < 246 ? undefined : networkSetting(read, 'ManageForeignRoutes');
  const isBroken = major === 249 && minor < 5;
  const rules = major < 249 ? undefined : networkSetting(read, 'ManageForeignRoutingPolicyRules');
  if (routes?.state === 'unknown') return routes;
  if (rules?.state === 'unknown') return rules;
  const dropsRoutes = !IS_NO.test(routes?.value ?? '');
  const dropsRules = major >= 248 && (isBroken || !IS_NO.test(rules?.value ?? ''));
  const origins = [
    from(networkdActive),
    from(systemdVersion),
    ...(routes?.origins ?? []),
    ...(rules?.origins ?? []),
  ];
  const value =
    dropsRoutes && dropsRules ? 'routes and rules' : dropsRoutes ? 'routes' : dropsRules ? 'rules' : 'kept';
  return value === 'kept' || value === 'rules' || major >= 232
    ? known(value, ...origins)
    : knownUncertain(value, 'releases before 232 differ in what they take for foreign', ...origins);
}
