import type { IptablesRule, IptablesTable } from '../../parsers/iptables-save/index.ts';
import type { RuleDump } from '../rules/dumps.ts';
import type { CalledService } from './called-service.ts';

/** Commands that write the rules of a service into a node's table `nat` as another node has them; none where it has none. */
export function copyIptablesRules(
  service: CalledService,
  own: RuleDump,
  others: readonly RuleDump[],
): readonly string[] {
  const nat = own.save.tables.get('nat');
  for (const other of others) {
    const theirs = other.save.tables.get('nat');
    const portal = theirs === undefined ? undefined : portalRule(theirs, service);
    const chains = theirs === undefined ? undefined : chainsBelow(theirs, portal?.target);
    if (nat === undefined || portal === undefined || chains === undefined || theirs === undefined) continue;
    return commands(own.command, service, nat, theirs, portal, chains);
  }
  return [];
}

function commands(
  command: string,
  service: CalledService,
  nat: IptablesTable,
  theirs: IptablesTable,
  portal: IptablesRule,
  chains: readonly string[],
): readonly string[] {
  const run = (words: string) => `${command} -t nat ${words}`;
  const lost = chains.filter((name) => textsOf(nat, name) !== textsOf(theirs, name));
  const created = lost.map((name) => run(nat.chains.has(name) ? `-F ${name}` : `-N ${name}`));
  const filled = lost.flatMap((name) =>
    (theirs.chains.get(name)?.rules ?? []).map(({ text }) => run(`-A ${name} ${text}`)),
  );
  const hasPortal = portalRule(nat, service)?.target === portal.target;
  return [
    ...created,
    ...filled,
    ...(hasPortal ? [] : [run(`-I ${portalChain(service)} 1 ${portal.text}`)]),
    ...missingEntries(nat).map((chain) => run(`-I ${chain} 1 ${ENTRY}`)),
  ];
}

const ENTRY = '-m comment --comment "kubernetes service portals" -j KUBE-SERVICES';

/** Built-in chains that do not lead to those of kube-proxy. */
function missingEntries(nat: IptablesTable): readonly string[] {
  return ['PREROUTING', 'OUTPUT'].filter(
    (name) => nat.chains.get(name)?.rules.some(({ target }) => target === 'KUBE-SERVICES') !== true,
  );
}

function portalChain({ isNodePort }: CalledService): string {
  return isNodePort ? 'KUBE-NODEPORTS' : 'KUBE-SERVICES';
}

/** The rule that leads packets for a service to its chain. */
function portalRule(nat: IptablesTable, service: CalledService): IptablesRule | undefined {
  const { address, protocol, portNumber, isNodePort } = service;
  const to = `-d ${address}${address.includes(':') ? '/128' : '/32'} `;
  return nat.chains
    .get(portalChain(service))
    ?.rules.find(
      ({ text, target }) =>
        target?.startsWith('KUBE-') === true &&
        ` ${text} `.includes(` -p ${protocol} `) &&
        ` ${text} `.includes(` --dport ${portNumber} `) &&
        (isNodePort || `${text} `.includes(to)),
    );
}

/** A chain and all below it; undefined where some hold only the endpoints of their own node (`KUBE-SVL-`). */
function chainsBelow(nat: IptablesTable, first: string | undefined): readonly string[] | undefined {
  const found = new Set<string>(first === undefined ? [] : [first]);
  for (const name of found) {
    for (const { target } of nat.chains.get(name)?.rules ?? []) {
      if (target?.startsWith('KUBE-') === true && target !== 'KUBE-MARK-MASQ') found.add(target);
    }
  }
  return found.size === 0 || [...found].some((name) => name.startsWith('KUBE-SVL-')) ? undefined : [...found];
}

function textsOf(nat: IptablesTable, name: string): string | undefined {
  return nat.chains
    .get(name)
    ?.rules.map(({ text }) => text)
    .join('\n');
}
