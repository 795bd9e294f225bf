import type { Disposition, TraceAnswer } from '../../../src/datapath/model/answer.ts';
import { traceFlow } from '../../../src/datapath/trace.ts';
import { networkOf } from '../network-of.ts';
import { FIRST_SOURCE_PORT, type LabPlan, placeNamed, type Question } from './plan.ts';

/** Where a packet arrived, and whom it seemed to come from. */
export interface Receipt {
  readonly at: string;
  readonly address: string;
  readonly port: number;
  readonly source: string;
}

/** What the kernel did with one packet. */
export interface Seen {
  readonly question: Question;
  readonly receipt?: Receipt;
  readonly isAnswered: boolean;
  /** What the sender was told, as names of `errno`. */
  readonly errors: readonly string[];
}

/** A lab with what the kernel did in it. */
export interface RecordedLab {
  readonly plan: LabPlan;
  readonly files: Readonly<Record<string, string>>;
  readonly seen: readonly Seen[];
  /** What arrived with a source port, or an identifier, that no question has: the kernel has chosen another one on the way. */
  readonly strays?: readonly Receipt[];
}

/** A packet on which the walk and the kernel do not agree. */
export interface Disagreement {
  readonly seen: Seen;
  readonly said: unknown;
}

/** Every packet of a lab on which the walk and the kernel do not agree. */
export async function disagreements({
  plan,
  files,
  seen,
  strays = [],
}: RecordedLab): Promise<readonly Disagreement[]> {
  const network = await networkOf(files);
  return seen.flatMap((one): readonly Disagreement[] => {
    const answer = traceFlow(network, askedOf(plan, one.question), { withReply: true });
    if ('error' in answer) return [{ seen: one, said: answer.error }];
    const judged = hasTwoBackEnds(plan) ? { ...one, errors: [] } : one;
    return isFairlyUnknown(answer) || isAllowed(answer, judged, strays) ? [] : [{ seen: one, said: answer }];
  });
}

/** A question of a lab as `traceFlow` takes it. */
export function askedOf(plan: LabPlan, question: Question): Parameters<typeof traceFlow>[1] {
  const { from, protocol, destination, port, id, size, isSourceOpen } = question;
  const { name, node, address } = placeNamed(plan, from);
  const named = name === node ? `node/${name}` : `netns/${node}/default_${name}`;
  const end = plan.family === 6 ? `[${destination}]` : destination;
  return {
    from: isSourceOpen ? named : address,
    to: protocol === 'icmp' ? destination : `${end}:${port}`,
    protocol,
    ...(protocol === 'icmp' ? {} : { sourcePort: FIRST_SOURCE_PORT + id }),
    ...(size === undefined ? {} : { size }),
  };
}

/** Which of two back ends got hold of a hook first, and which port was chosen freely, is not in the evidence. */
const FREE = /which comes first is not known|names no (?:source )?port/;

/** Whether nobody could know more. */
function isFairlyUnknown({ paths, notModelled }: TraceAnswer): boolean {
  const isUnknown = paths.some(
    ({ disposition, reply }) => disposition === 'unknown' || reply?.disposition === 'unknown',
  );
  const open = notModelled.filter(({ couldChangeAnswer }) => couldChangeAnswer);
  return isUnknown && open.length > 0 && open.every(({ text }) => FREE.test(text));
}

/** Of two back ends that both throw a packet away, the one that was registered first decides whether the sender is told. */
function hasTwoBackEnds({ parts }: LabPlan): boolean {
  const tools = new Map<string, Set<string>>();
  for (const { at, tool } of parts) {
    if (tool === 'sh' || tool === 'ipset') continue;
    tools.set(at, (tools.get(at) ?? new Set()).add(tool));
  }
  return [...tools.values()].some(({ size }) => size > 1);
}

/** Whether what was seen is one of the ways that the answer allows. */
function isAllowed({ paths }: TraceAnswer, seen: Seen, strays: readonly Receipt[]): boolean {
  const { receipt, isAnswered, errors } = seen;
  return paths.some(({ disposition, at, packet, reply }) => {
    if (disposition === 'unknown' || reply?.disposition === 'unknown') return false;
    if (disposition !== 'delivered') {
      return receipt === undefined && !isAnswered && errors.every((error) => fits(error, disposition));
    }
    const name = at.netns === undefined ? at.node : at.netns.replace('default_', '');
    const isSame = (other: Receipt): boolean =>
      name === other.at &&
      packet.source === other.source &&
      (packet.destinationPort ?? 0) === other.port &&
      packet.destination === other.address;
    // Only by its number is it known which question a packet belongs to, and the kernel may have chosen another one.
    const isArrived =
      receipt === undefined && packet.sourcePort === undefined
        ? strays.some(isSame)
        : receipt !== undefined && isSame(receipt);
    return isArrived && (reply?.disposition === 'delivered') === isAnswered;
  });
}

/** What may be behind an error that a sender is told (net/ipv4/icmp.c, `icmp_err_convert`; net/ipv4/route.c). */
const BEHIND: Readonly<Record<string, readonly Disposition[]>> = {
  ECONNREFUSED: ['rejected'],
  EHOSTUNREACH: ['rejected', 'no-route', 'neighbor-unreachable', 'ttl-expired', 'left-network'],
  ENETUNREACH: ['rejected', 'no-route'],
  EACCES: ['rejected'],
  EPERM: ['dropped', 'rejected'],
  // Blackhole routes, and loopback addresses that may not leave.
  EINVAL: ['dropped', 'no-route'],
  EMSGSIZE: ['too-big'],
};

function fits(error: string, disposition: Disposition): boolean {
  return BEHIND[error]?.includes(disposition) !== false;
}
