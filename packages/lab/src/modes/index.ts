import type { Mode } from '../cluster/options.ts';
import { bridgeMode } from './bridge/index.ts';
import { crossSubnet } from './cross-subnet/index.ts';
import { ipip } from './ipip/index.ts';
import type { ModeDefinition } from './mode.ts';
import { routed } from './routed/index.ts';
import { vxlan } from './vxlan/index.ts';

const BY_ID: Readonly<Record<Mode, ModeDefinition>> = {
  vxlan,
  'cross-subnet': crossSubnet,
  ipip,
  routed,
  bridge: bridgeMode,
};

/** How a mode builds its network. */
export function modeById(id: Mode): ModeDefinition {
  return BY_ID[id];
}
