import type { ProxyOptions } from '../model/options.ts';
import { matchLocal } from '../restore/local-traffic.ts';
import { comment, type RestoreTable } from '../restore/table.ts';
import type { ProxySets, SetId } from './sets.ts';

/** Jumps from the chains of the kernel. */
export function addTranslationJumps(nat: RestoreTable): void {
  nat.rule('PREROUTING', comment('kubernetes service portals'), '-j KUBE-SERVICES');
  nat.rule('OUTPUT', comment('kubernetes service portals'), '-j KUBE-SERVICES');
  nat.rule('POSTROUTING', comment('kubernetes postrouting rules'), '-j KUBE-POSTROUTING');
}

/** Which traffic of Services is masqueraded; that it gets to endpoints is the work of IPVS (`writeIptablesRules`). */
export function addMasqueradeChoice(nat: RestoreTable, sets: ProxySets, options: ProxyOptions): void {
  const matching = (chain: string, id: SetId, match: string, ...rest: readonly string[]): void => {
    if (sets.isEmpty(id)) return;
    const set = `-m set --match-set ${sets.name(id)} ${match}`;
    nat.rule(chain, comment(sets.comment(id)), set, ...rest);
  };
  nat.rule('KUBE-SERVICES', `-s ${options.family === 4 ? '127.0.0.0/8' : '::1/128'}`, '-j RETURN');
  matching('KUBE-POSTROUTING', 'LOOP-BACK', 'dst,dst,src', '-j MASQUERADE');
  matching('KUBE-SERVICES', 'LOAD-BALANCER', 'dst,dst', '-j KUBE-LOAD-BALANCER');
  matching('KUBE-LOAD-BALANCER', 'LOAD-BALANCER-LOCAL', 'dst,dst', '-j RETURN');
  for (const [protocol, suffix, match] of [
    ['tcp', 'TCP', 'dst'],
    ['udp', 'UDP', 'dst'],
    ['sctp', 'SCTP-HASH', 'dst,dst'],
  ] as const) {
    const only = `-p ${protocol}`;
    matching('KUBE-NODE-PORT', `NODE-PORT-LOCAL-${suffix}`, match, only, '-j RETURN');
    matching('KUBE-NODE-PORT', `NODE-PORT-${suffix}`, match, only, '-j KUBE-MARK-MASQ');
  }
  const { detectLocal, masqueradeAll = false } = options;
  if (masqueradeAll) matching('KUBE-SERVICES', 'CLUSTER-IP', 'dst,dst', '-j KUBE-MARK-MASQ');
  else if (detectLocal !== undefined)
    matching('KUBE-SERVICES', 'CLUSTER-IP', 'dst,dst', matchLocal(detectLocal, false), '-j KUBE-MARK-MASQ');
  // The node sends to a cluster IP from that same address, since it is on kube-ipvs0.
  else matching('KUBE-SERVICES', 'CLUSTER-IP', 'src,dst', '-j KUBE-MARK-MASQ');
  matching('KUBE-SERVICES', 'EXTERNAL-IP', 'dst,dst', '-j KUBE-MARK-MASQ');
  for (const id of ['EXTERNAL-IP', 'EXTERNAL-IP-LOCAL'] as const) {
    const fromOutside = '-m physdev ! --physdev-is-in -m addrtype ! --src-type LOCAL';
    matching('KUBE-SERVICES', id, 'dst,dst', fromOutside, '-j ACCEPT');
    matching('KUBE-SERVICES', id, 'dst,dst', '-m addrtype --dst-type LOCAL', '-j ACCEPT');
  }
  nat.rule('KUBE-SERVICES', '-m addrtype --dst-type LOCAL', '-j KUBE-NODE-PORT');
  nat.rule('KUBE-LOAD-BALANCER', '-j KUBE-MARK-MASQ');
  for (const id of ['CLUSTER-IP', 'LOAD-BALANCER'] as const) {
    if (!sets.isEmpty(id))
      nat.rule('KUBE-SERVICES', `-m set --match-set ${sets.name(id)} dst,dst`, '-j ACCEPT');
  }
}
