import { ofFamily, type ProxyOptions } from '../model/options.ts';
import { comment, type RestoreTable } from '../restore/table.ts';

const NEW = '-m conntrack --ctstate NEW';

/** Jumps from the chains of the kernel, first of each chain first (`iptablesJumpChains`; kube-proxy prepends them one by one). */
export function addJumps(filter: RestoreTable, nat: RestoreTable): void {
  const firewall = [NEW, comment('kubernetes load balancer firewall'), '-j KUBE-PROXY-FIREWALL'];
  const portals = [NEW, comment('kubernetes service portals'), '-j KUBE-SERVICES'];
  const outside = [
    NEW,
    comment('kubernetes externally-visible service portals'),
    '-j KUBE-EXTERNAL-SERVICES',
  ];
  filter.rule('INPUT', '-j KUBE-FIREWALL');
  filter.rule('INPUT', ...firewall);
  filter.rule('INPUT', comment('kubernetes health check service ports'), '-j KUBE-NODEPORTS');
  filter.rule('INPUT', ...outside);
  filter.rule('FORWARD', ...firewall);
  filter.rule('FORWARD', comment('kubernetes forwarding rules'), '-j KUBE-FORWARD');
  filter.rule('FORWARD', ...portals);
  filter.rule('FORWARD', ...outside);
  filter.rule('OUTPUT', '-j KUBE-FIREWALL');
  filter.rule('OUTPUT', ...firewall);
  filter.rule('OUTPUT', ...portals);
  nat.rule('PREROUTING', comment('kubernetes service portals'), '-j KUBE-SERVICES');
  nat.rule('OUTPUT', comment('kubernetes service portals'), '-j KUBE-SERVICES');
  nat.rule('POSTROUTING', comment('kubernetes postrouting rules'), '-j KUBE-POSTROUTING');
}

/**
 * NodePorts work on `127.0.0.1` only with `route_localnet`, which would let neighbours reach what listens there; this keeps
 * them out (https://github.com/kubernetes/kubernetes/issues/90259).
 */
export function addLoopbackProtection(filter: RestoreTable, { family }: ProxyOptions): void {
  filter.chain('KUBE-FIREWALL');
  if (family === 6) return;
  filter.rule(
    'KUBE-FIREWALL',
    comment('block incoming localnet connections'),
    '! -s 127.0.0.0/8 -d 127.0.0.0/8',
    '-m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT',
    '-j DROP',
  );
}

/** What is not for a cluster IP may be for a NodePort. Has to come after all other rules of KUBE-SERVICES. */
export function addNodePortJumps(nat: RestoreTable, options: ProxyOptions): void {
  const { family, nodePortAddresses } = options;
  const note = comment('kubernetes service nodeports; NOTE: this must be the last rule in this chain');
  const places =
    nodePortAddresses === undefined
      ? [family === 6 ? '! -d ::1/128 -m addrtype --dst-type LOCAL' : '-m addrtype --dst-type LOCAL']
      : ofFamily(nodePortAddresses, family).map((address) => `-d ${address}`);
  for (const place of places) nat.rule('KUBE-SERVICES', note, place, '-j KUBE-NODEPORTS');
}
