import type { FlowRule } from './tables.ts';

/** What a flow does, in a word: the action that decides. */
export function nameOfRule({ actions }: FlowRule): string {
  const last = actions.findLast(({ kind }) => kind !== 'set' && kind !== 'move' && kind !== 'nothing');
  if (last === undefined) return 'set';
  switch (last.kind) {
    case 'table':
      return 'goto';
    case 'unread':
      return 'unknown';
    case 'in-port':
    case 'normal':
      return 'output';
    default:
      return last.kind;
  }
}

/** The match and the actions as they are printed. */
export function describeRule({ flow }: FlowRule): string {
  return `${flow.matches.join(',') || 'everything'} → ${flow.actions}`;
}
