import { type Fact, type FactDefinition, known, unknown } from '../../fact.ts';
import { podLogsCommand } from '../../pod-logs-command.ts';
import { hasLogs, linesOf } from './logs.ts';

const NOT_READY = /readiness probe: the IP GC is still not ready/;
const FORBIDDEN = /IP garbage collection is forbidden/;

/**
 * Lines with which a controller that was told to leave garbage collection alone waits for it all the same. Only the two
 * together prove it: the first alone is normal for some seconds after the start.
 */
export const waitsForGc: FactDefinition<readonly string[]> = {
  id: 'spiderpool.waits-for-gc',
  title: 'controller that waits for a garbage collection that is switched off',
  level: 'cluster',
  format: (list) => list.slice(0, 2).join(' | '),
  compute(read): Fact<readonly string[]> {
    const forbidden = linesOf(read, 'controller', FORBIDDEN);
    const files = new Set(forbidden.map(({ origin }) => origin.file));
    const waiting = linesOf(read, 'controller', NOT_READY).filter(({ origin }) => files.has(origin.file));
    if (waiting.length === 0 && !hasLogs(read, 'controller')) {
      return unknown({
        fact: 'log of spiderpool-controller',
        command: podLogsCommand('spiderpool-controller', '--tail=2000'),
      });
    }
    return known(
      waiting.map(({ text }) => text),
      ...[...waiting, ...forbidden].slice(0, 3).map(({ origin }) => origin),
    );
  },
};
