import type { TraceQuestion } from '../../datapath/model/answer.ts';
import { loadSnapshot } from '../../facts/snapshot/load.ts';
import { diagnoseFlow } from '../diagnose.ts';
import type { Diagnosis } from '../model/diagnosis.ts';
import { nodeNetwork, podNetwork } from './network-files.ts';
import { objectFiles } from './object-files.ts';
import { type Mode, NODES } from './plan.ts';
import { nodeRules } from './rule-files.ts';

export type { Mode } from './plan.ts';

/** Evidence files by path. */
export type Files = Readonly<Record<string, string>>;

/** Every way in which the cluster can carry packets between nodes. */
export const MODES: readonly Mode[] = ['vxlan', 'cross-subnet', 'ipip', 'routed', 'bridge'];

/** From a client on n1 to a server on n2. */
export const CLIENT_TO_WEB: TraceQuestion = { from: 'pod/default/client', to: 'pod/default/web:8080' };

/**
 * Evidence of a healthy cluster of two nodes: n1 with pods default/client and default/client-2, n2 with default/web,
 * default/web-2 and kube-system/coredns, services default/web (10.96.0.20:80) and kube-system/kube-dns (10.96.0.10:53).
 */
export function twoNodes(mode: Mode = 'vxlan'): Files {
  const files: Record<string, string> = { ...objectFiles(mode) };
  for (const node of NODES) {
    Object.assign(files, nodeNetwork(node, mode), nodeRules(node, mode));
    for (const pod of node.pods) Object.assign(files, podNetwork(node, pod, mode));
  }
  return files;
}

/** The files with a text of one replaced everywhere in it. Throws where the text is not there, so that no test changes nothing. */
export function change(files: Files, path: string, from: string | RegExp, to: string): Files {
  const before = files[path];
  const after = before?.replaceAll(typeof from === 'string' ? from : new RegExp(from, 'gm'), to);
  if (before === undefined || after === undefined || after === before) {
    throw new Error(`nothing to change in ${path}: ${String(from)}`);
  }
  return { ...files, [path]: after };
}

/** The files without the lines of one that hold a text. */
export function dropLine(files: Files, path: string, text: string): Files {
  const kept = (files[path] ?? '').split('\n').filter((line) => !line.includes(text));
  return change(files, path, files[path] ?? '', kept.join('\n'));
}

/** The files with lines added to one, which may be new. */
export function addLines(files: Files, path: string, ...added: readonly string[]): Files {
  return { ...files, [path]: `${files[path] ?? ''}${added.map((line) => `${line}\n`).join('')}` };
}

/** The files without one of them: it was not collected. */
export function without(files: Files, path: string): Files {
  return Object.fromEntries(Object.entries(files).filter(([name]) => name !== path));
}

/** The line of a file that holds a text, as evidence names it. */
export function lineOf(
  files: Files,
  path: string,
  text: string,
): { readonly file: string; readonly line: number } {
  const index = (files[path] ?? '').split('\n').findIndex((line) => line.includes(text));
  if (index < 0) throw new Error(`${path} has no line with ${text}`);
  return { file: path, line: index + 1 };
}

/** Diagnoses a question on files; throws where it can not be answered. */
export async function diagnose(files: Files, question: TraceQuestion = CLIENT_TO_WEB): Promise<Diagnosis> {
  const snapshot = await loadSnapshot(
    Object.entries(files).map(([path, text]) => ({ path, chunks: [ascii(text)] })),
  );
  const diagnosis = diagnoseFlow(snapshot, question);
  if ('error' in diagnosis) throw new Error(diagnosis.error.message);
  return diagnosis;
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
