import type { LinkAttributes, LinkValue } from './link.ts';

/** What was printed about a link besides the options of its kind. */
export interface PrintedForm {
  /** Nothing is missing at the end: in text the common attributes follow the options, and JSON is whole or unreadable. */
  readonly isComplete: boolean;
  /** The text form of iproute2 4.19 or newer. */
  readonly isTextSince419: boolean;
}

/** Options that are on only when asked for; being off is shown by being absent, in either form. */
const RARELY_ON = [
  'external',
  'vnifilter',
  'proxy',
  'rsc',
  'l2miss',
  'l3miss',
  'remcsumtx',
  'remcsumrx',
  'gbp',
  'gpe',
];

/**
 * Fills in the options of a VXLAN device that are left out because they have their default.
 *
 * The text form prints `learning` only when off, and the IPv6 checksum options whenever on. `udpcsum` differs:
 * - before iproute2 4.4 a missing word means off;
 * - then the word is always there, as `udpcsum` or `noudpcsum`;
 * - from 6.5 on only the change from the default is printed, so a missing word means on
 *   (https://lore.kernel.org/netdev/20230526174141.5972-3-stephen@networkplumber.org/).
 *
 * Being of 4.19 or newer rules out the first. Otherwise a missing word stays unknown.
 */
export function withVxlanDefaults(details: LinkAttributes, form: PrintedForm): LinkAttributes {
  const filled: Record<string, LinkValue> = { ...details };
  for (const name of RARELY_ON) if (filled[name] === false) delete filled[name];
  // Without an id the device is in external mode on an old iproute2, which then prints nothing else.
  if (filled.id === undefined || !form.isComplete) return filled;
  filled.learning ??= true;
  filled.udp6zerocsumtx ??= false;
  filled.udp6zerocsumrx ??= false;
  if (form.isTextSince419) filled.udpcsum ??= true;
  return filled;
}
