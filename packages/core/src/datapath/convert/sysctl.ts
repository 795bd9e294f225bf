import { sysctlProbe } from '../../probes/system.ts';
import type { NamespaceEvidence } from './namespace-evidence.ts';

/** Kernel settings of a namespace, with what stands in the kernel where they were not collected. */
export interface Settings {
  /** The number a setting has; undefined where it was not collected. */
  number(name: string): number | undefined;
  /** The greater of the values for all interfaces and for this one, as `IN_DEV_MAXCONF` has it. */
  greater(name: string, device: string): number | undefined;
  readonly file: string;
  /** Whether there is any evidence of settings. */
  readonly isCollected: boolean;
}

export function readSettings(evidence: NamespaceEvidence): Settings {
  const read = evidence.read(sysctlProbe);
  const number = (name: string): number | undefined => {
    const value = read?.value.get(name)?.value;
    return value === undefined || !/^-?\d+$/.test(value) ? undefined : Number(value);
  };
  return {
    number,
    greater(name, device) {
      const [all, own] = [number(`net.ipv4.conf.all.${name}`), number(`net.ipv4.conf.${device}.${name}`)];
      if (all === undefined && own === undefined) return undefined;
      return Math.max(all ?? 0, own ?? 0);
    },
    isCollected: read !== undefined && read.value.size > 0,
    file: read?.file ?? evidence.pathOf(sysctlProbe),
  };
}
