import { tryCommand } from '../netns/driver.ts';
import { iptablesLegacyTables } from './iptables-legacy-tables/index.ts';
import { ipv6MarkTarget } from './ipv6-mark-target/index.ts';
import { ipvsModules } from './ipvs-modules/index.ts';
import { ipvsPortReuseDelay } from './ipvs-port-reuse-delay/index.ts';
import { ipvsStaleServer } from './ipvs-stale-server/index.ts';
import { nftablesProxyRules } from './nftables-proxy-rules/index.ts';
import { outerNatChecksum } from './outer-nat-checksum/index.ts';
import type { Measurement, Reproduction } from './reproduction.ts';
import { TestBed } from './test-bed.ts';
import { vxlanDevice } from './vxlan-device/index.ts';

/** All reproductions, the quick ones first. */
export const REPRODUCTIONS: readonly Reproduction[] = [
  vxlanDevice,
  iptablesLegacyTables,
  nftablesProxyRules,
  ipv6MarkTarget,
  ipvsModules,
  ipvsStaleServer,
  ipvsPortReuseDelay,
  outerNatChecksum,
];

/** What one reproduction found. */
export interface Reproduced extends Measurement {
  readonly name: string;
  readonly issues: readonly string[];
}

/** Asks the kernel that runs here. What can not be tried is a result, never an error. */
export async function reproduce(reproduction: Reproduction): Promise<Reproduced> {
  const { name, issues } = reproduction;
  const bed = new TestBed(`netvet-rp${process.pid}-`);
  try {
    return { name, issues, ...(await reproduction.run(bed)) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { name, issues, result: 'not-possible', measured: reason };
  } finally {
    await bed.close();
  }
}

/** `uname -r` of the kernel that runs here. */
export async function runningKernel(): Promise<string> {
  return ((await tryCommand(['uname', '-r'])) ?? '').trim();
}
