import type { Family } from '../../net/address.ts';
import { kernelConfigProbe, lsmodProbe, modulesBuiltinProbe } from '../../probes/system.ts';
import type { NamespaceEvidence } from './namespace-evidence.ts';

/** A part of the kernel that is a module or part of its image, as the kernel was built. */
interface KernelPart {
  /** It works only where one of these does. */
  readonly modules: readonly string[];
  /** A module that all of them need: what is in the image can not need a module. */
  readonly base: string;
  /** Build options; one that is not `y` keeps the part out of the image. */
  readonly options: readonly string[];
}

/** The tables of legacy iptables: without one of them there are no rules (net/ipv4/netfilter/Kconfig). */
export const LEGACY_TABLES: Readonly<Record<Family, KernelPart>> = {
  4: {
    modules: ['iptable_filter', 'iptable_nat', 'iptable_mangle', 'iptable_raw', 'iptable_security'],
    base: 'x_tables',
    options: ['CONFIG_NETFILTER_XTABLES', 'CONFIG_IP_NF_IPTABLES'],
  },
  6: {
    modules: ['ip6table_filter', 'ip6table_nat', 'ip6table_mangle', 'ip6table_raw', 'ip6table_security'],
    base: 'x_tables',
    options: ['CONFIG_NETFILTER_XTABLES', 'CONFIG_IP6_NF_IPTABLES'],
  },
};

/** nftables, which iptables-nft works with as well (net/netfilter/Kconfig). */
export const NF_TABLES: KernelPart = {
  modules: ['nf_tables'],
  base: 'nfnetlink',
  options: ['CONFIG_NETFILTER_NETLINK', 'CONFIG_NF_TABLES'],
};

/**
 * Whether a part of the kernel is proven not to be at work on a host: it is not loaded, and not in the image either.
 * False as long as one of the two is not known.
 */
export function isSurelyAbsent(host: NamespaceEvidence, { modules, base, options }: KernelPart): boolean {
  const loaded = host.read(lsmodProbe);
  if (loaded === undefined || !loaded.complete || loaded.value.size === 0) return false;
  if (modules.some((name) => loaded.value.has(name))) return false;
  if (loaded.value.has(base)) return true;
  const builtin = host.read(modulesBuiltinProbe);
  if (builtin?.complete === true && builtin.value.size > 0) {
    return !modules.some((name) => builtin.value.has(name));
  }
  const config = host.read(kernelConfigProbe)?.value;
  return options.some((option) => ['m', 'n'].includes(config?.get(option)?.value ?? ''));
}
