import type { FlowRule } from './tables.ts';

/** Id of Antrea's agent among the controllers of a bridge. */
const AGENT = /\bid=62373\b/;
/** `PacketInCategoryNP` and `PacketInCategorySvcReject`, the first byte of `userdata`. */
const POLICY = 1;
const SERVICE_WITHOUT_ENDPOINT = 4;
/** `PacketInNPRejectOperation`, a bit of the second byte for policies; the other bits are for logs. */
const REJECT = 2;

/**
 * What the agent of Antrea does with a packet that a flow sends it: refuses it, or only looks at it (antrea-io/antrea,
 * pkg/agent/openflow/packetin.go). Unknown for what it may send on itself, and for other controllers.
 */
export function meaningOfController({ flow }: FlowRule, text: string): 'refuses' | 'looks' | 'unknown' {
  const [, category, operation] = /\buserdata=([0-9a-f]{2})(?:\.([0-9a-f]{2}))?(?![.\w])/i.exec(text) ?? [];
  if (!AGENT.test(text) || category === undefined) return 'unknown';
  const number = Number.parseInt(category, 16);
  if (number === POLICY && operation !== undefined) {
    return (Number.parseInt(operation, 16) & REJECT) > 0 ? 'refuses' : 'looks';
  }
  // The bit that a service without endpoints sets (`SvcNoEpRegMark`) besides, as older releases numbered differently.
  const isService = number === SERVICE_WITHOUT_ENDPOINT && flow.matches.includes('reg0=0x4000/0x4000');
  return isService ? 'refuses' : 'unknown';
}
