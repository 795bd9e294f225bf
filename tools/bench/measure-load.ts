import { openSource } from '@netvet/collect';
import { ClusterSubject, evaluate, loadSnapshot } from '@netvet/core';
import { loadPack } from '../../packages/cli/src/catalogue.ts';

/** Reads the snapshot and evaluates the catalogue on it: what `netvet scan` does before it writes the report. */
const file = process.argv[2] ?? '';
const start = performance.now();
const opened = await openSource(file);
if ('error' in opened) throw new Error(opened.error.message);
const snapshot = await loadSnapshot(opened.files);
await opened.close();
const loaded = performance.now();
const cluster = new ClusterSubject(snapshot, { now: '2026-11-20T12:00:00Z' });
const { findings } = evaluate(cluster, (await loadPack(undefined)).issues, { includeNotAffected: false });
const seconds = (performance.now() - start) / 1000;
const evaluationSeconds = (performance.now() - loaded) / 1000;
const peakMiB = process.resourceUsage().maxRSS / 1024;
process.stdout.write(JSON.stringify({ seconds, evaluationSeconds, findings: findings.length, peakMiB }));
