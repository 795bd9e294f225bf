import { nftHandle } from '../rules/commands.ts';
import type { StoredRule } from '../rules/stored-rule.ts';
import { type ServiceEndpoint, socket } from './endpoints.ts';

/** Commands that turn the rules for a stale endpoint to another one; none where the rule does not name it. */
export function retarget(
  stored: StoredRule,
  stale: Pick<ServiceEndpoint, 'address' | 'port'>,
  wanted: ServiceEndpoint,
): readonly string[] {
  const from = new RegExp(
    `(^|[^\\d.:a-f])(${escaped(socket(stale))}|${escaped(stale.address)})(?=$|[^\\d.:a-f])`,
    'g',
  );
  const turn = (text: string) =>
    text.replaceAll(
      from,
      (_, before: string, found: string) =>
        before + (found === stale.address ? wanted.address : socket(wanted)),
    );
  const changes = stored.chain.rules.flatMap(({ text }, index) =>
    turn(text) === text ? [] : [{ index, text: turn(text) }],
  );
  if (stored.kind === 'iptables') {
    const { dump, table, chain } = stored;
    return changes.map(
      ({ index, text }) => `${dump.command} -t ${table} -R ${chain.name} ${index + 1} ${text}`,
    );
  }
  const { table, chain } = stored;
  return changes.map(
    ({ index, text }) =>
      `nft replace rule ${table.family} ${table.name} ${chain.name} handle ${nftHandle(stored, index)} '${text}'`,
  );
}

function escaped(text: string): string {
  return text.replaceAll(/[.[\]]/g, '\\$&');
}
