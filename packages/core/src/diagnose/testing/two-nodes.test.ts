import { describe, expect, it } from 'vitest';
import { diagnose, MODES, twoNodes } from './two-nodes.ts';

describe('a healthy cluster has no causes', () => {
  const questions: readonly (readonly [string, string])[] = [
    ['pod/default/client', 'pod/default/web:8080'],
    ['pod/default/web', 'pod/default/client:8080'],
    ['pod/default/client', 'pod/default/client-2:8080'],
    ['pod/default/client', '[fd00:10:244:2::10]:8080'],
    ['pod/default/client', 'service/default/web:80'],
    ['pod/default/web', 'service/default/web:80'],
    ['node/n1', 'pod/default/web:8080'],
    ['node/n1', 'service/default/web:80'],
    ['node/n2', 'pod/default/web:8080'],
    ['pod/default/client', 'node/n2'],
  ];
  it.each(MODES)('%s: in UDP', async (mode) => {
    for (const [from, to] of questions) {
      // The service is one of TCP.
      if (to.startsWith('service/')) continue;
      const { conclusion, causes } = await diagnose(twoNodes(mode), { from, to, protocol: 'udp' });
      expect([from, to, conclusion, causes]).toEqual([from, to, 'reachable', []]);
    }
  });
  it.each(MODES.flatMap((mode) => questions.map(([from, to]) => [mode, from, to] as const)))(
    '%s: %s to %s',
    async (mode, from, to) => {
      const { conclusion, causes, notModelled } = await diagnose(twoNodes(mode), { from, to });
      expect(notModelled).toEqual([]);
      expect(causes).toEqual([]);
      expect(conclusion).toBe('reachable');
    },
  );
});
