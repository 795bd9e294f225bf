import { readPlace } from '../../datapath/endpoint.ts';
import type { NotModelled, TraceQuestion, TraceRefusal } from '../../datapath/model/answer.ts';
import type { Network } from '../../datapath/model/network.ts';
import { understandQuestion } from '../../datapath/question.ts';
import { answeredQuestion, tracePaths } from '../../datapath/trace.ts';
import type { Snapshot } from '../../facts/snapshot/snapshot.ts';
import { formatAddress, parseAddress } from '../../net/address.ts';
import { dnsBroken } from '../causes/dns-broken/index.ts';
import { type Examined, examine, inOrder } from '../examine.ts';
import type { Cause, Conclusion, Diagnosis } from '../model/diagnosis.ts';
import { DIAGNOSIS_SCHEMA } from '../model/diagnosis.ts';
import { clusterDomain } from './cluster-domain.ts';
import { askingPod, type NameServer, nameServerOf } from './name-server.ts';
import { type NameTarget, nameTarget } from './name-target.ts';
import { type DnsName, readName } from './read-name.ts';

/** A question whose target is a name. */
export interface NamedQuestion {
  readonly name: DnsName;
  /** False where a service was asked for as such: it is reached by its address, and its name is looked up beside it. */
  readonly isAskedByName: boolean;
}

/** Reads the target of a question as a name; undefined where it is an address or a place, and nobody looks up a name. */
export function namedQuestion(
  snapshot: Snapshot,
  network: Network,
  { from, to }: TraceQuestion,
): NamedQuestion | undefined {
  const place = readPlace(to);
  if (place !== undefined && place.kind !== 'service') return undefined;
  const pod = askingPod(network, from);
  const domain = clusterDomain(snapshot, network);
  if (place?.kind === 'service') {
    if (pod === undefined) return undefined;
    const { namespace, name: service } = place;
    const full = `${service}.${namespace}.svc.${domain}`;
    return { name: { kind: 'service', full, namespace, service }, isAskedByName: false };
  }
  if (to.includes('/')) return undefined;
  const name = readName(to, {
    domain,
    namespace: pod?.namespace,
    hasNamespace: (wanted) =>
      network.object('namespaces', undefined, wanted) !== undefined ||
      ['services', 'pods'].some((resource) =>
        (network.objects(resource) ?? []).some(({ object }) => object.metadata.namespace === wanted),
      ),
  });
  return name === undefined ? undefined : { name, isAskedByName: true };
}

/** Walks the lookup of a name, then the packet to what the name stands for. */
export function diagnoseName(
  snapshot: Snapshot,
  network: Network,
  question: TraceQuestion,
  { name, isAskedByName }: NamedQuestion,
): Diagnosis | TraceRefusal {
  const found = isAskedByName
    ? nameTarget(snapshot, network, name)
    : ({ kind: 'found', to: question.to } as const);
  const walked =
    found.kind === 'found' ? walkTo(snapshot, network, question, found.to) : refuseSender(network, question);
  if (walked !== undefined && 'error' in walked) return walked;
  const server = nameServerOf(snapshot, network, question.from);
  const isItself = server.kind === 'known' && walked?.destination === normal(server.address);
  const lookup =
    server.kind === 'known' && !isItself
      ? lookUp(snapshot, network, question.from, server.address)
      : undefined;
  const targetCauses = walked?.examined.causes ?? [];
  // What stops the packet to the target as well is no matter of names.
  const lookupCauses = (lookup?.examined.causes ?? []).filter(
    (cause) => !targetCauses.some((other) => isSameMatter(cause, other)),
  );
  // Who asks for the name server itself learns that it serves no name.
  const lookupConclusion = isItself ? walked?.examined.conclusion : lookup?.examined.conclusion;
  const broken = dnsBroken(
    {
      name: isItself ? 'any name' : name.full,
      server: server.kind === 'known' ? server.address : undefined,
      conclusion: lookupConclusion,
      causes: isItself ? targetCauses : lookupCauses,
      target: found,
      isTargetReachable: walked?.examined.conclusion === 'reachable',
    },
    snapshot,
  );
  const isBroken = broken.some(({ effect }) => effect === 'blocks');
  return {
    schema: DIAGNOSIS_SCHEMA,
    question: walked?.question ?? { ...question, protocol: question.protocol ?? 'tcp' },
    conclusion: isAskedByName
      ? concludeName(found, walked?.examined.conclusion, lookupConclusion)
      : (walked?.examined.conclusion ?? 'unknown'),
    causes: inOrder([...broken, ...(isBroken || isAskedByName ? lookupCauses : []), ...targetCauses]),
    paths: tracePaths(walked?.examined.followed.paths ?? []),
    ...(lookup === undefined
      ? {}
      : {
          nameLookup: {
            question: lookup.question,
            conclusion: lookup.examined.conclusion,
            paths: tracePaths(lookup.examined.followed.paths),
          },
        }),
    notModelled: [
      ...(walked?.examined.followed.notModelled ?? []),
      ...(isAskedByName ? (lookup?.examined.followed.notModelled ?? []) : []),
      ...(isAskedByName ? openPoints(found, server) : []),
    ],
  };
}

function isSameMatter(left: Cause, right: Cause): boolean {
  const { kind, name } = left.subject;
  return left.cause === right.cause && kind === right.subject.kind && name === right.subject.name;
}

interface Walked {
  readonly question: Diagnosis['question'];
  readonly destination: string;
  readonly examined: Examined;
}

function walkTo(
  snapshot: Snapshot,
  network: Network,
  question: TraceQuestion,
  to: string,
): Walked | TraceRefusal {
  const asked = understandQuestion(network, { ...question, to });
  if ('error' in asked) return { ...asked, question };
  return {
    question: answeredQuestion(question, asked),
    destination: formatAddress(asked.packet.destination),
    examined: examine(snapshot, network, asked),
  };
}

/** UDP to port 53; undefined where the sender has no address of that family to ask from. */
function lookUp(
  snapshot: Snapshot,
  network: Network,
  from: string,
  server: string,
): { readonly question: Diagnosis['question']; readonly examined: Examined } | undefined {
  const question = { from, to: server.includes(':') ? `[${server}]:53` : `${server}:53`, protocol: 'udp' };
  const asked = understandQuestion(network, question);
  if ('error' in asked) return undefined;
  return {
    question: answeredQuestion(question, asked),
    examined: examine(snapshot, network, asked, 'name-lookup'),
  };
}

/** Where there is nothing to walk to, the sender still has to be one that there is, with an address of either family. */
function refuseSender(network: Network, question: TraceQuestion): TraceRefusal | undefined {
  const tries = ['192.0.2.1:1', '[2001:db8::1]:1'].map((to) =>
    understandQuestion(network, { ...question, to }),
  );
  const refusals = tries.flatMap((asked) => ('error' in asked ? [asked.error] : []));
  const [error] = refusals;
  return error === undefined || refusals.length < tries.length ? undefined : { question, error };
}

function normal(text: string): string {
  const address = parseAddress(text);
  return address === undefined ? text : formatAddress(address);
}

/** A name is of use where its lookup and the packet to what it stands for both work. */
function concludeName(
  found: NameTarget,
  target: Conclusion | undefined,
  lookup: Conclusion | undefined,
): Conclusion {
  if (found.kind === 'missing') return 'unreachable';
  const both = [target ?? 'unknown', lookup ?? 'unknown'];
  const worst: readonly Conclusion[] = ['unreachable', 'unknown', 'partly-reachable', 'reachable'];
  return worst.find((conclusion) => both.includes(conclusion)) ?? 'unknown';
}

/** What would have to be known of the name, and is not. */
function openPoints(found: NameTarget, server: NameServer): readonly NotModelled[] {
  return [
    ...(found.kind === 'open' ? [{ file: 'cluster/services.json', text: found.text }] : []),
    ...(server.kind === 'not-checked'
      ? [{ ...(server.place ?? { file: 'cluster/pods.json' }), text: server.text }]
      : []),
  ].map((point) => ({ ...point, couldChangeAnswer: true }));
}
