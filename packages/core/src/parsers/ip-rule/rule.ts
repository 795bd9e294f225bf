import type { Place } from '../../model/evidence.ts';

/** A policy routing rule. */
export interface PolicyRule extends Place {
  readonly family: 4 | 6;
  /** Rules are tried from the lowest number on. */
  readonly priority: number;
  /** The rule holds for packets that its selectors do not match. */
  readonly invert: boolean;
  /** Host or prefix as printed; absent for `all`. */
  readonly from?: string;
  readonly to?: string;
  readonly fwmark?: number;
  /** Bits of the mark that are compared; all of them (0xffffffff) when none are printed. Absent without `fwmark`. */
  readonly fwmask?: number;
  readonly iif?: string;
  readonly oif?: string;
  readonly ipProtocol?: string;
  /** One port or `first-last`. */
  readonly sourcePorts?: string;
  readonly destinationPorts?: string;
  /** Routes with a prefix of this length or shorter are passed over. */
  readonly suppressPrefixLength?: number;
  /** Name or number, with action `lookup`. Absent for `l3mdev` rules, whose table comes from the VRF device. */
  readonly table?: string;
  readonly action: 'lookup' | 'blackhole' | 'unreachable' | 'prohibit' | 'goto' | 'nop';
  /** Priority of the rule to go on with. */
  readonly goto?: number;
  /** Who made the rule, as printed. */
  readonly protocol?: string;
  /**
   * Everything else, as printed by the text form: further selectors (`tos 0x10`, `uidrange 0-99`, `tun_id 5`, `dscp 8`), `l3mdev`,
   * `suppress_ifgroup 5`, `realms 3/4`, `unresolved` (the target of `goto` is missing), `iif detached`, `oif detached`.
   */
  readonly extra: readonly string[];
}

/** Actions that are a word of their own. */
export const PLAIN_ACTIONS = ['blackhole', 'unreachable', 'prohibit', 'nop'] as const;

/** A mark without a mask is compared as a whole. */
export const WHOLE_MARK = 0xffffffff;
