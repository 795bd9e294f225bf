import { type Parsed, ProblemLog } from '../parsed.ts';
import { readableLinesOf } from '../readable-lines.ts';
import { scaledCount } from '../scaled-count.ts';
import { type Columns, readColumns, readRule } from './rule.ts';
import type { ListedChain, ListedRule } from './types.ts';

export type { ListedChain, ListedRule } from './types.ts';

/**
 * Reads `iptables -L`, with or without `-n`, `-v`, `-x` and `--line-numbers`:
 *
 * ```text
 * Chain KUBE-SERVICES (2 references)
 *  pkts bytes target     prot opt in     out     source               destination
 *     0     0 DNAT       6    --  *      *       0.0.0.0/0            10.96.0.1            tcp dpt:443 to:10.0.0.5:6443
 *   → { name: 'KUBE-SERVICES', references: 2, rules: [{ packets: 0, target: 'DNAT', protocol: '6', … }] }
 * ```
 */
export function parseIptablesList(text: string): Parsed<readonly ListedChain[]> {
  const problems = new ProblemLog();
  const chains: ListedChain[] = [];
  let rules: ListedRule[] | undefined;
  let columns: Columns | undefined;
  for (const { number: line, text: content } of readableLinesOf(withoutBpfNul(text), problems)) {
    if (content.startsWith('#')) continue;
    const heading = content.startsWith('Chain ') ? readHeading(content) : undefined;
    if (heading !== undefined) {
      rules = [];
      columns = undefined;
      chains.push({ ...heading, rules, line });
    } else if (rules === undefined) {
      problems.add({ line }, 'expected "Chain NAME (…)"', content);
    } else if (columns === undefined) {
      columns = readColumns(content);
      if (columns === undefined) problems.add({ line }, 'expected the column headings of the chain', content);
    } else {
      const rule = readRule(content, line, columns);
      if (rule === undefined) problems.add({ line }, 'expected a rule in the columns of the chain', content);
      else rules.push(rule);
    }
  }
  return { value: chains, problems: problems.list() };
}

/** The bpf match prints the NUL byte after its program, which otherwise is a sign of damage. */
function withoutBpfNul(text: string): string {
  return text.includes('\0') ? text.replaceAll(/(match bpf [\d ,]*)\0/g, '$1') : text;
}

const POLICY = /^policy (\S+?)(?: (\d+[KMGT]?) packets, (\d+[KMGT]?) bytes)?$/;
const REFERENCES = /^(\d+) references?$/;

function readHeading(content: string): Omit<ListedChain, 'rules' | 'line'> | undefined {
  const open = content.indexOf(' (', 6);
  const close = content.lastIndexOf(')');
  const name = content.slice(6, open);
  if (open < 0 || close < open || name === '' || content.length > 1000) return undefined;
  const inner = content.slice(open + 2, close);
  const policy = POLICY.exec(inner);
  if (policy?.[1] !== undefined) {
    const packets = scaledCount(policy[2]);
    const bytes = scaledCount(policy[3]);
    return {
      name,
      policy: policy[1],
      ...(packets === undefined ? {} : { packets }),
      ...(bytes === undefined ? {} : { bytes }),
    };
  }
  const references = REFERENCES.exec(inner)?.[1];
  return references === undefined ? undefined : { name, references: Number(references) };
}
