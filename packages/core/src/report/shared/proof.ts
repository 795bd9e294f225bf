import type { Evidence } from '../../model/evidence.ts';
import type { Answer, Finding } from '../../model/finding.ts';
import type { Subject } from '../../model/subject.ts';

/** One condition with the values it has on all subjects. */
export interface Proof {
  readonly condition: string;
  readonly fact: string;
  readonly values: readonly ProvenValue[];
}

/** Subjects that have the same value, and the evidence of the first of them. */
export interface ProvenValue {
  readonly value: string;
  readonly result: Answer;
  readonly uncertain?: string;
  readonly subjects: readonly Subject[];
  readonly evidence: readonly Evidence[];
  /** How many of the other subjects have it in evidence of their own, not in the same. */
  readonly alike: number;
}

/** The reasons of several findings of one issue, each condition and each of its values once; most subjects first. */
export function proofOf(findings: readonly Finding[]): readonly Proof[] {
  const proofs = new Map<string, { fact: string; values: Map<string, OpenValue> }>();
  for (const { because, subject } of findings) {
    for (const { condition, fact, value, result, uncertain, evidence } of because) {
      let proof = proofs.get(condition);
      if (proof === undefined) {
        proof = { fact, values: new Map() };
        proofs.set(condition, proof);
      }
      const key = JSON.stringify([value, result, uncertain]);
      const known = proof.values.get(key);
      if (known !== undefined) {
        known.subjects.push(subject);
        if (!sameEvidence(known.evidence, evidence)) known.alike++;
      } else {
        const sure = uncertain === undefined ? {} : { uncertain };
        proof.values.set(key, { value, result, ...sure, subjects: [subject], evidence, alike: 0 });
      }
    }
  }
  return [...proofs].map(([condition, { fact, values }]) => ({
    condition,
    fact,
    values: [...values.values()].sort((a, b) => b.subjects.length - a.subjects.length),
  }));
}

interface OpenValue extends ProvenValue {
  readonly subjects: Subject[];
  alike: number;
}

function sameEvidence(left: readonly Evidence[], right: readonly Evidence[]): boolean {
  return left.length === right.length && left.every((one, index) => isSame(one, right[index]));
}

function isSame(left: Evidence, right: Evidence | undefined): boolean {
  return left.file === right?.file && left.line === right.line && left.pointer === right.pointer;
}

/** Where a value stands, for people: `nodes/n1/uname.txt:1`, `cluster/nodes.json /items/0`. */
export function placeText({ file, line, pointer }: Evidence): string {
  if (line !== undefined) return `${file}:${line}`;
  return pointer === undefined || pointer === '' ? file : `${file} ${pointer}`;
}
