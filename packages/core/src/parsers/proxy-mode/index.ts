import { type Parsed, ProblemLog } from '../parsed.ts';
import { outputLinesOf } from '../tool-output/index.ts';

/** The mode a running kube-proxy says it works in. */
export interface ProxyMode {
  readonly mode: 'iptables' | 'ipvs' | 'nftables' | 'userspace' | 'kernelspace';
  readonly line: number;
}

const MODES: ReadonlyMap<string, ProxyMode['mode']> = new Map(
  (['iptables', 'ipvs', 'nftables', 'userspace', 'kernelspace'] as const).map((mode) => [mode, mode]),
);

/**
 * Reads the answer of `GET 127.0.0.1:10249/proxyMode`: `ipvs` gives `{ mode: 'ipvs', line: 1 }`.
 * Anything else (an error page, a message of curl) is a problem and gives `undefined`.
 */
export function parseProxyMode(text: string): Parsed<ProxyMode | undefined> {
  const problems = new ProblemLog();
  let found: ProxyMode | undefined;
  for (const { number, text: line } of outputLinesOf(text, problems)) {
    const mode = line.length > 100 ? undefined : MODES.get(line.trim().toLowerCase());
    if (mode === undefined) problems.add({ line: number }, 'not a mode of kube-proxy', line);
    else if (found === undefined) found = { mode, line: number };
    else if (found.mode !== mode) problems.add({ line: number }, 'a second, different mode', line);
  }
  return { value: found, problems: problems.list() };
}
