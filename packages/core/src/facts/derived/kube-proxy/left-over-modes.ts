import { type FactDefinition, from, known, unknown } from '../../fact.ts';
import { proxyMode } from './mode.ts';
import { modeTraces } from './mode-traces.ts';

/** Modes whose rules stand on the node although kube-proxy works in another one. */
export const leftOverModes: FactDefinition<readonly string[]> = {
  id: 'kube-proxy.left-over-modes',
  title: 'rules left over from other modes',
  level: 'node',
  format: (modes) => modes.join(', ') || 'none',
  compute(read) {
    const mode = read.fact(proxyMode);
    if (mode.state === 'unknown') return mode;
    if (mode.uncertain !== undefined) {
      return unknown({
        fact: 'kube-proxy mode',
        command: 'curl -s http://127.0.0.1:10249/proxyMode',
        where: 'node',
      });
    }
    const traces = modeTraces(read).filter((trace) => trace.mode !== mode.value);
    const seen = traces.filter(({ state }) => state === 'seen');
    if (seen.length > 0)
      return known(
        seen.map((trace) => trace.mode),
        from(proxyMode),
        ...seen.flatMap(({ origins }) => origins),
      );
    // The userspace mode is gone since 1.26; its rules are not asked for.
    const open = traces.filter((trace) => trace.state === 'not-looked' && trace.mode !== 'userspace');
    if (open.length === 0)
      return known([], from(proxyMode), ...traces.flatMap(({ origins }) => origins).slice(0, 4));
    return unknown({
      fact: 'rules of other modes',
      command: 'ip link show kube-ipvs0; iptables-save -t nat; nft list tables',
      where: 'node',
    });
  },
};
