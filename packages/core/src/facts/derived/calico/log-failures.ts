import { dmesgProbe, journalProbe } from '../../../probes/system.ts';
import { type FactDefinition, known, type Origin, unknown } from '../../fact.ts';
import { at, type Reader } from '../../reader.ts';
import { iptablesDumps } from '../iptables-dumps/index.ts';

interface Line {
  readonly text: string;
  readonly origin: Origin;
}

/** Felix could not list IP sets of a newer revision. */
export const ipsetFailure = failure('calico.ipset-failure', 'IP sets that Felix can not read', (read) =>
  felixSays(
    read,
    /Kernel and userspace incompatible: settype \S+ with revision \d+ not supported by userspace/,
  ),
);

/** Felix, or the iptables of the host, could not express rules that stand in the tables of iptables-nft. */
export const nftTableFailure = failure(
  'calico.nft-table-failure',
  'tables that iptables can not read',
  (read) =>
    felixSays(read, /iptables-save failed because there are incompatible nft rules in the table/) ??
    hiddenTable(read),
);

/** A program of the calico-node image does not work. */
export const toolingFailure = failure(
  'calico.tooling-failure',
  'programs of calico-node that fail',
  (read) => {
    const symbol = felixSays(read, /undefined symbol: xtables_strdup/);
    return symbol ?? kernelSays(read, /\bnft\[\d+\]: segfault/);
  },
);

/** What was seen is a fact; that nothing was seen proves nothing, as logs are short. */
function failure(
  id: string,
  title: string,
  look: (read: Reader) => Line | undefined,
): FactDefinition<string | null> {
  return {
    id,
    title,
    level: 'node',
    format: (text) => text ?? 'none',
    compute(read) {
      const line = look(read);
      if (line !== undefined) return known(line.text, line.origin);
      return unknown({
        fact: title,
        command: 'kubectl logs -n kube-system CALICO-NODE-POD --previous',
        where: 'node',
      });
    },
  };
}

/** A log belongs to the node if its pod runs there; in a cluster of one node every log does. */
function felixSays(read: Reader, pattern: RegExp): Line | undefined {
  const logs = read.logs().filter(({ pod }) => pod.startsWith('calico-node'));
  if (logs.length === 0) return undefined;
  const own = new Set(read.podsOnNode()?.items.map(({ object }) => object.metadata.name));
  const alone = read.nodes().length === 1;
  for (const { pod, text, file } of logs) {
    if (!alone && !own.has(pod)) continue;
    const index = text.search(pattern);
    if (index < 0) continue;
    const before = text.slice(0, index);
    const start = before.lastIndexOf('\n') + 1;
    const end = text.indexOf('\n', index);
    const line = text.slice(start, end < 0 ? undefined : end).slice(0, 400);
    return { text: line, origin: { file, line: before.split('\n').length } };
  }
  return undefined;
}

function kernelSays(read: Reader, pattern: RegExp): Line | undefined {
  for (const probe of [read.probe(journalProbe), read.probe(dmesgProbe)]) {
    if (probe.state === 'missing') continue;
    const line = probe.value.find(({ text }) => pattern.test(text));
    if (line !== undefined) return { text: line.text.slice(0, 400), origin: at(probe.file, line) };
  }
  return undefined;
}

/** `# Table `nat' is incompatible, use 'nft' tool.` in a dump of the host. */
function hiddenTable(read: Reader): Line | undefined {
  const dumps = read.fact(iptablesDumps);
  for (const { save, file } of dumps.state === 'known' ? dumps.value : []) {
    const [table] = save.hiddenTables;
    if (table !== undefined) return { text: `table ${table.name} can not be shown`, origin: at(file, table) };
  }
  return undefined;
}
