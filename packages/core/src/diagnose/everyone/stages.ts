import { type FollowedPath, followPacket, type Trail } from '../../datapath/follow.ts';
import { understandQuestion } from '../../datapath/question.ts';
import { Interner } from './interner.ts';
import type { Member } from './members.ts';
import { type Outcome, outcomeOf, questionOf, refused } from './outcome.ts';
import type { Shared } from './shared.ts';
import { nodesOf, wireForm } from './wire.ts';

/** A pair of members, with all that their walk can depend on. */
export interface PairKey {
  readonly from: Member;
  readonly to: Member;
  /** Number of the unit of each, which is of one node. */
  readonly fromUnit: number;
  readonly toUnit: number;
  /** The far end as the near end's node knows it, and the other way round. */
  readonly toSeen: number;
  readonly fromSeen: number;
}

/**
 * What is known of the request on the node it starts from, or of anything later. `asks` is where the other node is asked for a
 * hardware address, so that it hangs on what both nodes know of each other.
 */
type Stage = Outcome | { readonly wire: number } | 'asks';

/**
 * Walks pairs, and remembers what each walk showed by what it can have depended on.
 *
 * A walk from node to node has three parts: the request on the first node, request and answer on the second one, and the answer on
 * the first. Each part depends on who sends or takes the packet there, on what that node's evidence says about the far end,
 * and on the packet as it came in. What was seen of a part holds for every pair for which all of that is the same.
 */
export class StageMemory {
  readonly #shared: Shared;
  readonly #isExact: boolean;
  /** Of its own, as the keys of stages are few: they are looked up for every pair. */
  readonly #keys = new Interner();
  readonly #requests = new Map<number, Stage>();
  readonly #seconds = new Map<number, Stage>();
  readonly #answers = new Map<number, Outcome>();
  /** Of walks between nodes that decide something, by all that both know of each other. */
  readonly #whole = new Map<number, Outcome>();
  /** Of walks that come to other nodes, or stay on one, by the two units. */
  readonly #lone = new Map<number, Outcome>();
  #walks = 0;

  /** With `isExact` nothing is taken over from one pair of units to another one. */
  constructor(shared: Shared, isExact: boolean) {
    this.#shared = shared;
    this.#isExact = isExact;
  }

  /** How many pairs were walked. */
  get walks(): number {
    return this.#walks;
  }

  outcome(key: PairKey): Outcome {
    return (this.#isExact ? undefined : this.#recall(key)) ?? this.#recallWhole(key) ?? this.#walk(key);
  }

  #recall(key: PairKey): Outcome | undefined {
    if (key.from.node === key.to.node) return undefined;
    const requestKey = this.#requestKey(key);
    const request = this.#requests.get(requestKey);
    if (request === undefined || request === 'asks') return undefined;
    if (!('wire' in request)) return request;
    const { wire } = request;
    const second = this.#seconds.get(this.#secondKey(key, wire));
    if (second === undefined || second === 'asks') return undefined;
    if (!('wire' in second)) return second;
    return this.#answers.get(this.#answerKey(requestKey, wire, second.wire));
  }

  #recallWhole(key: PairKey): Outcome | undefined {
    return (
      this.#lone.get(this.#loneKey(key)) ?? (this.#isExact ? undefined : this.#whole.get(this.#bothKey(key)))
    );
  }

  #loneKey({ fromUnit, toUnit }: PairKey): number {
    return this.#keys.pair(fromUnit, toUnit);
  }

  #requestKey({ fromUnit, toSeen }: PairKey): number {
    return this.#keys.pair(fromUnit, toSeen);
  }

  #secondKey({ toUnit, fromSeen }: PairKey, wire: number): number {
    return this.#keys.pair(this.#keys.pair(toUnit, fromSeen), wire);
  }

  #answerKey(requestKey: number, wire: number, answer: number): number {
    return this.#keys.pair(this.#keys.pair(requestKey, wire), answer);
  }

  /** What all parts on both nodes depend on. */
  #bothKey({ fromUnit, toUnit, toSeen, fromSeen }: PairKey): number {
    const keys = this.#keys;
    return keys.pair(keys.pair(fromUnit, toSeen), keys.pair(toUnit, fromSeen));
  }

  #walk(key: PairKey): Outcome {
    this.#walks++;
    const { from, to } = key;
    const { network } = this.#shared;
    const asked = understandQuestion(network, questionOf(from, to));
    if ('error' in asked) {
      const outcome = refused(from, to, asked);
      this.#lone.set(this.#loneKey(key), outcome);
      return outcome;
    }
    const followed = followPacket(network, asked, true);
    const outcome = outcomeOf(network, from, to, followed);
    const { visited, isCertain, paths } = followed;
    const isBetween =
      from.node !== to.node && [...visited].every((node) => node === from.node || node === to.node);
    if (this.#isExact || !isBetween) this.#lone.set(this.#loneKey(key), outcome);
    else if (!isCertain || !this.#remember(key, outcome, paths[0]))
      this.#whole.set(this.#bothKey(key), outcome);
    return outcome;
  }

  /** Whether it matters that other nodes were asked for hardware addresses: their rules can drop the question. */
  #minds({ asked }: Trail): boolean {
    return asked.size > 0 && (this.#shared.filtersFrames || [...asked.values()].includes(6));
  }

  /** Remembers each part of a walk; false where it went another way than there and back. */
  #remember(key: PairKey, outcome: Outcome, path: FollowedPath | undefined): boolean {
    const { from, to } = key;
    if (path === undefined) return false;
    const { request, reply } = path;
    const there = nodesOf(request).join(' ');
    if (this.#minds(request)) {
      this.#requests.set(this.#requestKey(key), 'asks');
      return false;
    }
    if (there === from.node && reply === undefined) {
      this.#requests.set(this.#requestKey(key), outcome);
      return true;
    }
    const wire = wireForm(this.#shared, request, { from, to });
    if (there !== `${from.node} ${to.node}` || wire === undefined) return false;
    const back = reply === undefined ? to.node : nodesOf(reply).join(' ');
    if (back !== to.node && back !== `${to.node} ${from.node}`) return false;
    const requestKey = this.#requestKey(key);
    this.#requests.set(requestKey, { wire });
    if (reply !== undefined && this.#minds(reply)) {
      this.#seconds.set(this.#secondKey(key, wire), 'asks');
      return false;
    }
    const answer = reply === undefined ? undefined : wireForm(this.#shared, reply, { from, to });
    if (answer === undefined) {
      this.#seconds.set(this.#secondKey(key, wire), outcome);
      return true;
    }
    this.#seconds.set(this.#secondKey(key, wire), { wire: answer });
    this.#answers.set(this.#answerKey(requestKey, wire, answer), outcome);
    return true;
  }
}
