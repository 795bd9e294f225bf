import { ruleLoss } from '../../rules/rule-loss.ts';
import type { CauseDefinition } from '../cause.ts';
import { filterRule } from '../filter-rule/index.ts';
import { findBetweenNodes } from './between-nodes.ts';

/** Packets between nodes that something drops which knows nothing of pods. */
export const underlayFilter: CauseDefinition = {
  id: 'underlay-filter',
  title: 'packets between nodes are filtered',
  find(leg, context) {
    const loss = ruleLoss(leg);
    if (loss === undefined) return findBetweenNodes(leg);
    // The network plugin filters packets of tunnels by their sender, which is another cause.
    if (!loss.isInTunnel || loss.stored.chain.name.startsWith('cali')) return [];
    return filterRule.find(leg, context).map((cause) => ({
      ...cause,
      cause: 'underlay-filter',
      text: `Packets of the tunnel are filtered. ${cause.text}`,
    }));
  },
};
