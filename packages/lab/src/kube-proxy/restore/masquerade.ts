import { masqueradeMark, type ProxyOptions } from '../model/options.ts';
import { comment, type RestoreTable } from './table.ts';

/** Marked packets lose their mark, so that they are not masqueraded a second time, and get the node's address. */
export function addMasquerading(nat: RestoreTable, options: ProxyOptions): void {
  const mark = masqueradeMark(options);
  nat.rule('KUBE-POSTROUTING', `-m mark ! --mark ${mark}/${mark}`, '-j RETURN');
  nat.rule('KUBE-POSTROUTING', `-j MARK --xor-mark ${mark}`);
  nat.rule(
    'KUBE-POSTROUTING',
    comment('kubernetes service traffic requiring SNAT'),
    '-j MASQUERADE --random-fully',
  );
  nat.rule('KUBE-MARK-MASQ', `-j MARK --or-mark ${mark}`);
}

/** Lets marked packets and what belongs to known connections through, whatever the policy of FORWARD is. */
export function addForwarding(filter: RestoreTable, options: ProxyOptions): void {
  const mark = masqueradeMark(options);
  filter.rule(
    'KUBE-FORWARD',
    comment('kubernetes forwarding rules'),
    `-m mark --mark ${mark}/${mark}`,
    '-j ACCEPT',
  );
  filter.rule(
    'KUBE-FORWARD',
    comment('kubernetes forwarding conntrack rule'),
    '-m conntrack --ctstate RELATED,ESTABLISHED',
    '-j ACCEPT',
  );
}
