import type { LayoutKind } from '../layout/layout.ts';
import { antreaAgent } from './antrea-agent/index.ts';
import { calicoDiagnostics } from './calico-diagnostics/index.ts';
import { clusterInfoDump } from './cluster-info-dump/index.ts';
import { mustGather } from './must-gather/index.ts';
import { sos } from './sos/index.ts';
import { troubleshoot } from './troubleshoot/index.ts';

/** Support bundles of other tools that are understood. */
export const BUNDLES: readonly LayoutKind[] = [
  troubleshoot,
  clusterInfoDump,
  mustGather,
  sos,
  calicoDiagnostics,
  antreaAgent,
];
