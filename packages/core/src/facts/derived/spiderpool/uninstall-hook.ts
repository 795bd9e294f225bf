import { type FactDefinition, known, unknown } from '../../fact.ts';
import { valuesAt } from '../../field-path.ts';
import { inObject, missingObjects } from '../../reader.ts';
import { textOf } from './objects.ts';
import { programIn } from './workloads.ts';

/** What the `preStop` hook of the agent does to the files of Multus on the host. */
export type UninstallHook = 'keeps-multus' | 'removes-binary-only' | 'removes-all';

const REMOVES_BINARY = /\brm\b[^\n]*\/opt\/cni\/bin\/multus\b/;
const CONFIG_FOLDER = '/host/etc/cni/net.d';

/**
 * The hook of the DaemonSet the finding is about. A hook that deletes the binary while the folder with the
 * configuration is not mounted leaves the node with a configuration whose plugin is gone.
 */
export const uninstallHook: FactDefinition<UninstallHook> = {
  id: 'spiderpool.uninstall-hook',
  title: 'preStop hook of spiderpool-agent',
  level: 'object',
  compute(read) {
    const stored = read.object();
    const agent = stored === undefined ? undefined : programIn(stored, 'spec.template.spec', 'agent')[0];
    if (stored === undefined || agent === undefined) return unknown(missingObjects('daemonsets.apps'));
    const words = valuesAt(agent.container, 'lifecycle.preStop.exec.command[]');
    const removal = words.find(({ value }) => typeof value === 'string' && REMOVES_BINARY.test(value));
    if (removal === undefined) return known('keeps-multus', inObject(stored, agent.pointer));
    const mounted = valuesAt(agent.container, 'volumeMounts[].mountPath').some(
      ({ value }) => textOf(value)?.replace(/\/+$/, '') === CONFIG_FOLDER,
    );
    return known(
      mounted ? 'removes-all' : 'removes-binary-only',
      inObject(stored, `${agent.pointer}${removal.pointer}`),
    );
  },
};
