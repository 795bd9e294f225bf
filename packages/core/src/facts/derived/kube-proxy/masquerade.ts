import { containerIptablesVersionProbe } from '../../../probes/firewall.ts';
import type { Version } from '../../../versions/index.ts';
import {
  type Fact,
  type FactDefinition,
  from,
  known,
  knownUncertain,
  type Origin,
  unknown,
} from '../../fact.ts';
import { at, type Reader } from '../../reader.ts';
import { iptablesDumps } from '../iptables-dumps/index.ts';
import { kernel } from '../kernel/index.ts';
import { proxyMode } from './mode.ts';
import { isIn, kubeProxyRelease, kubeProxyReleaseFact } from './release.ts';

/** How the source ports of masqueraded Service traffic are chosen; `random` alone is as good as `full` from Linux 5.0 on. */
export type PortChoice = 'full' | 'random' | 'sequential';

/**
 * How kube-proxy's own MASQUERADE rule chooses source ports: as the rule in the dumps says, the worst where there are
 * several; else as its release and the iptables it runs allow.
 */
export const masqueradePorts: FactDefinition<PortChoice> = {
  id: 'kube-proxy.masquerade-ports',
  title: 'source port choice of the MASQUERADE rule of kube-proxy',
  level: 'node',
  compute: (read) => inNftables(read) ?? inDumps(read) ?? byRelease(read),
};

/** The nftables mode masquerades with `fully-random`; an iptables rule beside it is the kubelet's or left over. */
function inNftables(read: Reader): Fact<PortChoice> | undefined {
  const mode = read.fact(proxyMode);
  if (mode.state !== 'known' || mode.value !== 'nftables' || mode.uncertain !== undefined) return undefined;
  return known('full', from(proxyMode));
}

function inDumps(read: Reader): Fact<PortChoice> | undefined {
  const dumps = read.fact(iptablesDumps);
  if (dumps.state === 'unknown') return undefined;
  const rules = dumps.value.flatMap(({ save, file }) =>
    (save.tables.get('nat')?.chains.get('KUBE-POSTROUTING')?.rules ?? [])
      .filter(({ target, text }) => target === 'MASQUERADE' && !isHairpin(text))
      .map((rule) => ({ choice: choiceOf(rule.text), origin: at(file, rule) })),
  );
  const worst = (['sequential', 'random', 'full'] as const).find((choice) =>
    rules.some((rule) => rule.choice === choice),
  );
  if (worst === undefined) return undefined;
  return known(worst, ...rules.filter(({ choice }) => choice === worst).map(({ origin }) => origin));
}

/**
 * The ipvs mode never randomises this rule. It only meets packets of a pod to itself, whose source ports differ anyway.
 */
function isHairpin(text: string): boolean {
  return text.includes('--match-set KUBE-LOOP-BACK') || text.includes('--match-set KUBE-6-LOOP-BACK');
}

function choiceOf(text: string): PortChoice {
  if (/ --random-fully(\s|$)/.test(text)) return 'full';
  return / --random(\s|$)/.test(text) ? 'random' : 'sequential';
}

const MISSING = {
  fact: 'MASQUERADE rule of kube-proxy',
  command: 'iptables-save -t nat | grep -- "-A KUBE-POSTROUTING"',
  where: 'node',
};

/** Full randomness needs kube-proxy 1.16 (kubernetes PR 78547), iptables 1.6.2 where it runs, and Linux 3.13. */
function byRelease(read: Reader): Fact<PortChoice> {
  const release = kubeProxyRelease(read);
  if (release.state === 'unknown') return unknown(MISSING);
  const origin = from(kubeProxyReleaseFact());
  const { version } = release.value;
  if (isIn(version, '<1.16.0') === 'in') return known('sequential', origin);
  const used = usedIptables(read) ?? plannedIptables(read, version);
  if (used === undefined) return unknown(MISSING);
  if (used.isOld) return known('sequential', origin, used.origin);
  const running = read.fact(kernel);
  const [, major, minor] =
    running.state === 'known' ? (/^(\d+)\.(\d+)/.exec(running.value.raw)?.map(Number) ?? []) : [];
  if (major === undefined || minor === undefined) return unknown(MISSING);
  if (major > 3 || (major === 3 && minor >= 13)) return known('full', origin, used.origin, from(kernel));
  const doubt = 'Linux before 3.13 cannot do it, but vendors have taken it into older kernels';
  return knownUncertain('sequential', doubt, origin, from(kernel));
}

/** The iptables inside the kube-proxy container. */
function usedIptables(read: Reader): { isOld: boolean; origin: Origin } | undefined {
  const inside = read.probe(containerIptablesVersionProbe, 'kube-proxy');
  if (inside.state === 'missing' || inside.value === undefined) return undefined;
  return { isOld: isBefore162(inside.value.version), origin: at(inside.file, inside.value) };
}

/** The official images carry iptables 1.8 since 1.16.10; a cluster that does not exist yet is taken to use them. */
function plannedIptables(read: Reader, version: Version): { isOld: boolean; origin: Origin } | undefined {
  if (!read.hypothetical || isIn(version, '>=1.16.10') !== 'in') return undefined;
  return { isOld: false, origin: { file: 'official image of kube-proxy' } };
}

function isBefore162(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  return major < 1 || (major === 1 && (minor < 6 || (minor === 6 && patch < 2)));
}
