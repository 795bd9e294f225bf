import { isBefore18 } from '../../../parsers/iptables-version/index.ts';
import {
  containerIptablesVersionProbe,
  iptablesPathProbe,
  iptablesVersionProbe,
} from '../../../probes/firewall.ts';
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
import { type Backend, type IptablesDump, iptablesDumps } from '../iptables-dumps/index.ts';
import { proxyMode } from './mode.ts';
import { isIn, kubeProxyRelease, kubeProxyReleaseFact } from './release.ts';
import { isWhole } from './whole-dump.ts';

/** Chains that only kube-proxy writes. */
const PROXY_CHAIN = /^KUBE-(SERVICES|NODEPORTS|EXTERNAL-SERVICES|SVC-|SEP-|SVL-|FW-|EXT-|XLB-)/;
/** Chains of the kubelet and of kube-proxy; kube-router has names that begin alike. */
const KUBE_CHAIN = /^KUBE-(?!ROUTER-|POD-FW-|NWPLCY-)/;
/** Chains of CNI plugins. */
const CNI_CHAIN = /^(cali-|ANTREA-|FLANNEL-|CILIUM_)/;
/** Chains by which the kubelet shows which back end the host uses: the first since 1.24, the second since 1.17. */
const HINT_CHAINS = ['KUBE-IPTABLES-HINT', 'KUBE-KUBELET-CANARY'] as const;

interface BackendUse {
  readonly backend: Backend;
  readonly complete: boolean;
  readonly rules: number;
  readonly kubeRules: number;
  readonly proxyRules: number;
  readonly cniRules: number;
  readonly hint: Origin | undefined;
  readonly origin: Origin;
}

/** What each back end holds for one family. */
function usesOf(read: Reader, family: 4 | 6 = 4): readonly BackendUse[] {
  const dumps = read.fact(iptablesDumps);
  return (dumps.state === 'known' ? dumps.value : []).flatMap((dump) =>
    dump.family === family && dump.backend !== undefined ? [useOf(dump, dump.backend)] : [],
  );
}

function useOf(dump: IptablesDump, backend: Backend): BackendUse {
  const { save, file } = dump;
  let rules = 0;
  let kubeRules = 0;
  let proxyRules = 0;
  let cniRules = 0;
  let first: number | undefined;
  for (const table of save.tables.values()) {
    for (const chain of table.chains.values()) {
      rules += chain.rules.length;
      if (KUBE_CHAIN.test(chain.name)) kubeRules += chain.rules.length;
      else if (CNI_CHAIN.test(chain.name)) cniRules += chain.rules.length;
      else continue;
      if (PROXY_CHAIN.test(chain.name)) proxyRules += chain.rules.length;
      first ??= chain.rules[0]?.line;
    }
  }
  const mangle = save.tables.get('mangle');
  const hint = HINT_CHAINS.map((name) => mangle?.chains.get(name)).find((chain) => chain !== undefined);
  return {
    backend,
    complete: isWhole(dump),
    rules,
    kubeRules,
    proxyRules,
    cniRules,
    hint: hint === undefined ? undefined : at(file, { line: hint.line }),
    origin: at(file, first === undefined ? {} : { line: first }),
  };
}

/** Back end of the host's own iptables, which the kubelet uses too. */
export const hostBackend: FactDefinition<Backend> = {
  id: 'iptables.host-backend',
  title: 'iptables back end of the host',
  level: 'node',
  fromText: (text) => (text === 'legacy' || text === 'nft' ? text : undefined),
  compute(read) {
    const version = read.probe(iptablesVersionProbe);
    const backend = version.state === 'read' ? version.value?.backend : undefined;
    if (version.state === 'read' && version.value !== undefined && backend !== undefined)
      return known(backend, at(version.file, version.value));
    if (version.state === 'read' && version.value !== undefined && isBefore18(version.value.version))
      return known('legacy', at(version.file, version.value));
    const path = read.probe(iptablesPathProbe);
    const link = path.state === 'read' ? path.value.find((one) => one.path.endsWith('/iptables')) : undefined;
    if (path.state === 'read' && link?.backend !== undefined) return known(link.backend, at(path.file, link));
    const hinted = usesOf(read).filter(({ hint }) => hint !== undefined);
    const [only, ...more] = hinted;
    if (only?.hint !== undefined && more.length === 0) return known(only.backend, only.hint);
    return unknown({ fact: 'iptables back end of the host', command: 'iptables -V', where: 'node' });
  },
};

/** Rules of Kubernetes that stand in both back ends, or in the one that the host does not use; each as a sentence. */
export const backendConflicts: FactDefinition<readonly string[]> = {
  id: 'iptables.backend-conflicts',
  title: 'rules of Kubernetes in the wrong iptables back end',
  level: 'node',
  format: (conflicts) => conflicts.join('; ') || 'none',
  compute(read) {
    if (usesNoIptables(read)) return known([], from(proxyMode));
    const uses = usesOf(read);
    const uses6 = usesOf(read, 6);
    const split = inBoth(uses, '') ?? inBoth(uses6, ' for IPv6');
    if (split !== undefined) return split;
    const first = uses.find(({ kubeRules }) => kubeRules > 0);
    if (first !== undefined && first.proxyRules > 0) {
      const host = read.fact(hostBackend);
      if (host.state === 'known' && host.value !== first.backend) {
        const text = `${first.kubeRules} rules of Kubernetes in ${first.backend}, while the host uses ${host.value}`;
        return known([text], first.origin, from(hostBackend));
      }
      const apart = uses.find(({ backend, cniRules }) => backend !== first.backend && cniRules > 0);
      if (apart !== undefined && host.state === 'unknown') {
        const text = `rules of kube-proxy in ${first.backend}, those of the pod network in ${apart.backend}`;
        return known([text], first.origin, apart.origin);
      }
    }
    if (!isSettled(read, uses)) return unknown(...missingDumps(uses, 'iptables'));
    if (uses6.length > 0 && !isSettled(read, uses6)) return unknown(...missingDumps(uses6, 'ip6tables'));
    return known([], ...[...uses, ...uses6].map(({ origin }) => origin));
  },
};

function inBoth(uses: readonly BackendUse[], where: string): Fact<readonly string[]> | undefined {
  const [first, second] = uses.filter(({ kubeRules }) => kubeRules > 0);
  if (first === undefined || second === undefined) return undefined;
  const text = [first, second].map(({ backend, kubeRules }) => `${kubeRules} in ${backend}`).join(', ');
  return known([`rules of Kubernetes in both back ends${where}: ${text}`], first.origin, second.origin);
}

/** In its nftables mode kube-proxy has no part in the iptables rules of the node. */
function usesNoIptables(read: Reader): boolean {
  const mode = read.fact(proxyMode);
  return mode.state === 'known' && mode.uncertain === undefined && mode.value === 'nftables';
}

/** Whole dumps of both back ends, or an iptables from before there were two. */
function isSettled(read: Reader, uses: readonly BackendUse[]): boolean {
  const whole = new Set(uses.filter(({ complete }) => complete).map(({ backend }) => backend));
  if (whole.size === 2) return true;
  const version = read.probe(iptablesVersionProbe);
  const text = version.state === 'read' ? version.value?.version : undefined;
  return whole.has('legacy') && text !== undefined && isBefore18(text);
}

function missingDumps(uses: readonly BackendUse[], tool: 'iptables' | 'ip6tables') {
  return (['legacy', 'nft'] as const)
    .filter((backend) => !uses.some((use) => use.backend === backend && use.complete))
    .map((backend) => ({
      fact: `${backend} ${tool} rules`,
      command: `${tool}-${backend}-save -c`,
      where: 'node',
    }));
}

/** Back end that kube-proxy writes to: of the iptables in its container, of its rules, or as its image chooses. */
export const proxyBackend: FactDefinition<Backend> = {
  id: 'kube-proxy.iptables-backend',
  title: 'iptables back end of kube-proxy',
  level: 'node',
  fromText: (text) => (text === 'legacy' || text === 'nft' ? text : undefined),
  compute(read) {
    const inside = read.probe(containerIptablesVersionProbe, 'kube-proxy');
    const backend = inside.state === 'read' ? inside.value?.backend : undefined;
    if (inside.state === 'read' && inside.value !== undefined && backend !== undefined)
      return known(backend, at(inside.file, inside.value));
    const uses = usesOf(read);
    const [own, ...more] = uses.filter(({ proxyRules }) => proxyRules > 0);
    if (own !== undefined && more.length === 0) return known(own.backend, own.origin);
    return chosenByImage(read, uses);
  },
};

const CHOICE_MISSING = {
  fact: 'iptables back end of kube-proxy',
  command: 'kubectl -n kube-system exec ds/kube-proxy -- iptables -V',
};

/**
 * How the images choose when the container starts: legacy only before 1.16.10 and 1.17.0 (kubernetes PR 90940, 82966),
 * by the number of rules up to 1.24, by the kubelet's chains from 1.25 on (iptables-wrappers 2).
 */
function chosenByImage(read: Reader, uses: readonly BackendUse[]): Fact<Backend> {
  const release = kubeProxyRelease(read);
  if (release.state === 'unknown' || /hyperkube/.test(release.value.text)) return unknown(CHOICE_MISSING);
  const { version } = release.value;
  const image = from(kubeProxyReleaseFact());
  if (isIn(version, '<1.16.10') === 'in') return known('legacy', image);
  if (isIn(version, '>=1.17.0') !== 'in') return unknown(CHOICE_MISSING);
  const legacy = uses.find(({ backend }) => backend === 'legacy');
  const nft = uses.find(({ backend }) => backend === 'nft');
  if (isIn(version, '>=1.25.0') === 'in') {
    if (nft?.hint !== undefined) return known('nft', image, nft.hint);
    if (legacy === undefined || nft === undefined) return unknown(CHOICE_MISSING);
    const doubt = 'the choice was made when the container started, by the rules of that time';
    return knownUncertain(
      legacy.hint === undefined ? 'nft' : 'legacy',
      doubt,
      image,
      legacy.hint ?? nft.origin,
    );
  }
  if (legacy === undefined || nft === undefined) return unknown(CHOICE_MISSING);
  const prefersLegacy =
    legacy.rules >= nft.rules || (isIn(version, '<1.22.0') === 'in' && legacy.rules >= 10);
  return knownUncertain(
    prefersLegacy ? 'legacy' : 'nft',
    'the choice was made when the container started, by the rules of that time',
    image,
    legacy.origin,
    nft.origin,
  );
}

/**
 * Whether whole dumps show the rules of Kubernetes in one back end only, so that how the image chooses does not matter.
 * False also where that is not shown.
 */
export const oneBackendShown: FactDefinition<boolean> = {
  id: 'kube-proxy.one-backend-shown',
  title: 'rules of Kubernetes are shown to stand in one iptables back end',
  level: 'node',
  compute(read) {
    const conflicts = read.fact(backendConflicts);
    const isShown = conflicts.state === 'known' && conflicts.value.length === 0;
    const hasRules = usesOf(read).some(({ kubeRules }) => kubeRules > 0);
    return isShown && hasRules ? known(true, from(backendConflicts)) : known(false);
  },
};

/** Whether kube-proxy writes to another back end than the host uses. */
export const backendDiffers: FactDefinition<boolean> = {
  id: 'kube-proxy.backend-differs',
  title: 'kube-proxy uses another iptables back end than the host',
  level: 'node',
  compute(read) {
    const host = read.fact(hostBackend);
    const proxy = read.fact(proxyBackend);
    if (host.state === 'known' && proxy.state === 'known') {
      const origins = [from(hostBackend), from(proxyBackend)];
      const doubt = proxy.uncertain ?? host.uncertain;
      const differs = host.value !== proxy.value;
      return doubt === undefined ? known(differs, ...origins) : knownUncertain(differs, doubt, ...origins);
    }
    const uses = usesOf(read);
    const unused = uses.find(({ complete, rules }) => complete && rules === 0);
    const other = uses.find(({ complete, kubeRules }) => complete && kubeRules > 0);
    if (unused !== undefined && other !== undefined) return known(false, unused.origin, other.origin);
    return unknown(
      ...(host.state === 'unknown' ? host.missing : []),
      ...(proxy.state === 'unknown' ? proxy.missing : []),
    );
  },
};
