import { expect, it } from 'vitest';
import { podLogsCommand } from './pod-logs-command.ts';

it('asks every namespace, as kubectl logs has no option for that', () => {
  const command = podLogsCommand('kube-proxy', '--tail=200');

  expect(command).toMatch(
    /^kubectl get pods -A .*\/\^\(kube-proxy\)\/.*\| xargs -r -L1 kubectl logs --tail=200$/,
  );
});
