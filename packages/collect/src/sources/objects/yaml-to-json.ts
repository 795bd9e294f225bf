/*
 * DESIGN. Turns objects in YAML into the JSON text the loader reads, as a stream.
 *
 * Lists as kubectl and oc write them (`items:`, or nothing, then `- ` in the first column for each object) are cut into their
 * elements by their lines: inside an element every line is indented, block texts included, so the cut is safe, and a list of
 * any length needs the memory of one object. Everything else is read as whole documents.
 *
 * Promises: never throws. What is no YAML becomes `null` in the list, so that the places of the others stay right, and damage.
 */
import { parseYamlDocuments } from '@netvet/core';
import type { ArchiveEntry } from '../archive-entry.ts';
import type { Content } from '../layout/layout.ts';

/** Reads a file with objects in YAML as one with the same objects in JSON. */
export function yamlToJson(entry: ArchiveEntry): Content {
  const conversion = new Conversion();
  return {
    chunks: conversion.chunks(entry.chunks),
    damage: () => entry.damage() ?? conversion.damage,
  };
}

/** An object may have a few megabytes at most, a line of it not more. */
const LONGEST = 4 * 2 ** 20;

class Conversion {
  damage: string | undefined;
  #lineNumber = 0;
  #lines: string[] = [];
  #length = 0;
  #firstLine = 1;
  #isInList = false;
  /** Objects written so far; a single document is held back until it is sure that it is the only one. */
  #written = 0;
  #held: string | undefined;
  #output: string[] = [];

  async *chunks(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const line of linesOf(source)) {
      this.#take(line);
      if (this.#output.length > 0) yield this.#flush();
    }
    this.#endPart();
    if (this.#written > 0) this.#output.push(']}');
    // An empty file stays empty: a command that failed does not mean that there are no objects.
    else if (this.#held !== undefined) this.#output.push(this.#held);
    if (this.#output.length > 0) yield this.#flush();
  }

  #flush(): Uint8Array {
    const bytes = Buffer.from(this.#output.join(''));
    this.#output = [];
    return bytes;
  }

  #take(line: string): void {
    this.#lineNumber++;
    const isElement = line === '-' || line.startsWith('- ');
    const isOutermost = line !== '' && !/^[\s#]/.test(line);
    if (/^---(\s|$)/.test(line) || line === '...') {
      this.#endPart();
      this.#isInList = false;
    } else if (isElement && (this.#isInList || this.#isBlank())) {
      this.#endPart();
      this.#isInList = true;
      this.#add(line);
    } else if (line === 'items:') {
      // What stands around the list repeats what its elements say themselves.
      this.#clear();
      this.#isInList = true;
    } else if (this.#isInList && isOutermost) {
      this.#endPart();
      this.#isInList = false;
      this.#add(line);
    } else this.#add(line);
  }

  #isBlank(): boolean {
    return this.#lines.every((line) => /^\s*(#|$)/.test(line));
  }

  #add(line: string): void {
    if (this.#lines.length === 0) this.#firstLine = this.#lineNumber;
    this.#length += line.length + 1;
    if (this.#length <= LONGEST) this.#lines.push(line);
  }

  #clear(): void {
    this.#lines = [];
    this.#length = 0;
  }

  /** Ends an element of a list, or a document. */
  #endPart(): void {
    const text = this.#lines.join('\n');
    const isTooLong = this.#length > LONGEST;
    const isBlank = this.#isBlank();
    this.#clear();
    if (isBlank) return;
    if (isTooLong) this.#bad('longer than an object can be');
    else if (this.#isInList) this.#endElement(text);
    else this.#endDocument(text);
  }

  #endElement(text: string): void {
    const value = this.#parse(text);
    const element = Array.isArray(value) ? (value as readonly unknown[])[0] : undefined;
    if (value !== undefined && element === undefined) this.#bad('expected an object');
    else if (value !== undefined) this.#write(JSON.stringify(element));
  }

  #endDocument(text: string): void {
    const value = this.#parse(text);
    if (value === undefined || isListEnd(value)) return;
    if (this.#written === 0 && this.#held === undefined) this.#held = JSON.stringify(value);
    else this.#write(JSON.stringify(value));
  }

  #parse(text: string): unknown {
    const { value, problems } = parseYamlDocuments(text);
    const [problem] = problems;
    const [document] = value;
    if (problem !== undefined) {
      this.damage ??= `line ${this.#firstLine - 1 + (problem.line ?? 1)}: ${problem.reason}`;
    }
    if (document === undefined) this.#write('null');
    return document?.value;
  }

  #bad(reason: string): void {
    this.damage ??= `line ${this.#firstLine}: ${reason}`;
    this.#write('null');
  }

  #write(json: string): void {
    const held = this.#held;
    this.#held = undefined;
    if (held !== undefined) this.#write(held);
    this.#output.push(this.#written === 0 ? '{"items":[' : ',', json);
    this.#written++;
  }
}

/** The fields that stand after the items of a list: `kind: List`, and the version of the list. */
function isListEnd(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const { kind, metadata, items } = value as Readonly<Record<string, unknown>>;
  const name = (metadata as { readonly name?: unknown } | null | undefined)?.name;
  return items === undefined && name === undefined && (kind === undefined || String(kind).endsWith('List'));
}

/** Lines of a text that comes in pieces. A line that is longer than any object is cut. */
async function* linesOf(source: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of source) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = (lines.pop() ?? '').slice(0, LONGEST + 1);
    for (const line of lines) yield line.endsWith('\r') ? line.slice(0, -1) : line;
  }
  rest += decoder.decode();
  if (rest !== '') yield rest;
}
