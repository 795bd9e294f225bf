import { readFile, stat } from 'node:fs/promises';
import type { Issue, Pack } from '@netvet/core';
import { type Complaint, formatComplaint } from './complaints.ts';
import { loadCatalogue } from './load-catalogue.ts';

/** A catalogue in one file. `version` is the date of the catalogue, `2026.11.20`. */
export function buildPack(version: string, issues: readonly Issue[]): Pack {
  return { schema: 'netvet.dev/pack/v1', version, issues };
}

export type ReadPack =
  | { readonly ok: true; readonly pack: Pack }
  | { readonly ok: false; readonly messages: readonly string[] };

/** Reads a pack from a JSON file, or from a folder of entries. Problems are returned as messages with their place. */
export async function readPack(path: string): Promise<ReadPack> {
  try {
    if ((await stat(path)).isDirectory()) return await readFolder(path);
    return parsePack(path, await readFile(path, 'utf8'));
  } catch (error) {
    return { ok: false, messages: [`${path}: ${error instanceof Error ? error.message : String(error)}`] };
  }
}

async function readFolder(path: string): Promise<ReadPack> {
  const { issues, complaints } = await loadCatalogue(path);
  if (complaints.length > 0)
    return { ok: false, messages: complaints.map((one: Complaint) => formatComplaint(one)) };
  return { ok: true, pack: buildPack('unreleased', issues) };
}

function parsePack(path: string, text: string): ReadPack {
  const value = JSON.parse(text) as Partial<Pack>;
  if (value.schema !== 'netvet.dev/pack/v1' || !Array.isArray(value.issues)) {
    return { ok: false, messages: [`${path}: expected a catalogue pack with the schema netvet.dev/pack/v1`] };
  }
  return { ok: true, pack: value as Pack };
}

/** The issue with this id or alias. */
export function findIssue(issues: readonly Issue[], id: string): Issue | undefined {
  return issues.find((issue) => issue.id === id || issue.aliases?.includes(id));
}
