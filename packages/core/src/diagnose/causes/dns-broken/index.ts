import type { ContainerLog } from '../../../facts/reader.ts';
import type { Snapshot } from '../../../facts/snapshot/snapshot.ts';
import type { Evidence } from '../../../model/evidence.ts';
import type { Cause, Conclusion } from '../../model/diagnosis.ts';
import type { NameTarget } from '../../names/name-target.ts';

/** The lookup of a name and what came of it. */
export interface LookedUp {
  /** `web.default.svc.cluster.local` */
  readonly name: string;
  /** Whom it was asked from; undefined where the lookup was not checked. */
  readonly server: string | undefined;
  readonly conclusion: Conclusion | undefined;
  /** Causes on the way of the lookup. */
  readonly causes: readonly Cause[];
  readonly target: NameTarget;
  /** Whether the target itself answers by its address. */
  readonly isTargetReachable: boolean;
}

/** Sums up why a name can not be used: it does not exist, or nobody answers for it. Its parts stand beside it as causes. */
export function dnsBroken(lookedUp: LookedUp, snapshot: Snapshot): readonly Cause[] {
  const { name, server, conclusion, causes, target, isTargetReachable } = lookedUp;
  const cause = {
    cause: 'dns-broken',
    direction: 'name-lookup',
    subject: { kind: 'cluster', name: snapshot.cluster ?? 'cluster' },
  } as const;
  if (target.kind === 'missing') {
    return [
      {
        ...cause,
        effect: 'blocks',
        text: `The lookup of ${name} fails: ${target.text}.`,
        evidence: target.evidence,
        remedies: [{ kind: 'manual', text: 'Correct the name, or create the Service.' }],
      },
    ];
  }
  const blocking = causes.filter(({ effect }) => effect === 'blocks');
  if (blocking.length > 0 && (conclusion === 'unreachable' || conclusion === 'partly-reachable')) {
    const because = [...new Set(blocking.map((one) => one.cause))].join(', ');
    const share =
      conclusion === 'unreachable'
        ? 'gets no answer'
        : 'gets an answer only sometimes, after waits of 5 seconds';
    const byAddress = isTargetReachable ? ' The target itself answers by its address.' : '';
    return [
      {
        ...cause,
        effect: 'blocks',
        text: `The lookup of ${name} at ${server ?? 'the name server'} ${share}: ${because}.${byAddress}`,
        evidence: blocking.flatMap(({ evidence }) => evidence.slice(0, 1)),
        remedies: blocking.flatMap(({ remedies }) => remedies.slice(0, 1)),
      },
    ];
  }
  return conclusion === 'reachable' ? complaints(lookedUp, snapshot) : [];
}

/** What CoreDNS writes when it can not answer: it stops at a loop, and names queries whose forwarding failed. */
const COMPLAINTS = /\[FATAL\] plugin\/loop|\[ERROR\] plugin\/errors: |\bSERVFAIL\b/;

/** The walk shows that the question gets to CoreDNS. Whether CoreDNS can answer, only its log tells. */
function complaints({ name, target }: LookedUp, { logs, cluster }: Snapshot): readonly Cause[] {
  // Names of services are answered from memory; what fails for them would fail without the outside as well.
  const wanted = target.kind === 'open' ? COMPLAINTS : /\[FATAL\] plugin\/loop/;
  const found = logs
    .filter(
      ({ namespace, pod, previous }) =>
        namespace === 'kube-system' && /^(?:coredns|kube-dns)/.test(pod) && !previous,
    )
    .flatMap((log) => lastLine(log, wanted) ?? []);
  const [first] = found;
  if (first === undefined) return [];
  return [
    {
      cause: 'dns-broken',
      effect: 'hazard',
      direction: 'name-lookup',
      subject: { kind: 'cluster', name: cluster ?? 'cluster' },
      text: `The lookup of ${name} gets to CoreDNS, but its log shows failures: ${first.text.slice(0, 200)}`,
      evidence: found.map(({ place }) => place),
      remedies: [
        {
          kind: 'manual',
          text: 'Look at what the Corefile forwards to (often the resolv.conf of the node): it must not lead back to CoreDNS, and it has to answer.',
        },
      ],
    },
  ];
}

function lastLine(
  { file, text }: ContainerLog,
  wanted: RegExp,
): { readonly place: Evidence; readonly text: string } | undefined {
  const lines = text.split('\n');
  const index = lines.findLastIndex((line) => wanted.test(line));
  return index < 0 ? undefined : { place: { file, line: index + 1 }, text: (lines[index] ?? '').trim() };
}
