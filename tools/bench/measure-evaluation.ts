import { ClusterSubject, evaluate, loadSnapshot } from '@netvet/core';
import { nodeEvidence, smallLists, snapshotFiles } from '@netvet/testkit';
import { loadPack } from '../../packages/cli/src/catalogue.ts';

/** Time to evaluate the whole catalogue on nodes that are loaded already. */
const [nodes, kinds] = process.argv.slice(2).map(Number);
const files = Array.from({ length: nodes ?? 0 }, (_, index) => nodeEvidence(index, kinds ?? 1)).flat();
const lists = smallLists(nodes ?? 0);
const snapshot = await loadSnapshot(snapshotFiles([...lists, ...files]));
const { issues } = await loadPack(undefined);
// What loading left behind is not part of the evaluation.
globalThis.gc?.();
const start = performance.now();
const cluster = new ClusterSubject(snapshot, { now: '2026-11-20T12:00:00Z' });
const { findings } = evaluate(cluster, issues, { includeNotAffected: false });
const seconds = (performance.now() - start) / 1000;
process.stdout.write(JSON.stringify({ seconds, findings: findings.length }));
