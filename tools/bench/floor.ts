import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';

const NEWLINE = 10;
const BLOCK = 512;

/**
 * The least that any reader must do with a snapshot: decompress it, walk through the tar and `JSON.parse` what is JSON.
 * Generated lists have one object a line, so finding the objects costs next to nothing here.
 */
export async function readFloor(file: string): Promise<{ objects: number; bytes: number }> {
  const walker = new Walker();
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 }).pipe(
    createGunzip({ chunkSize: 1 << 18 }),
  )) {
    walker.push(chunk as Buffer);
  }
  return { objects: walker.objects, bytes: walker.bytes };
}

class Walker {
  objects = 0;
  bytes = 0;
  #pending: Buffer = Buffer.alloc(0);
  #left = 0;
  #padding = 0;
  #json = false;
  #line: Buffer[] = [];

  push(chunk: Buffer): void {
    this.bytes += chunk.length;
    let data = this.#pending.length > 0 ? Buffer.concat([this.#pending, chunk]) : chunk;
    this.#pending = Buffer.alloc(0);
    while (data.length > 0) {
      if (this.#left > 0) {
        const part = data.subarray(0, this.#left);
        if (this.#json) this.#takeJson(part);
        this.#left -= part.length;
        data = data.subarray(part.length);
        if (this.#left === 0) this.#line = [];
      } else if (this.#padding > 0) {
        const skipped = Math.min(this.#padding, data.length);
        this.#padding -= skipped;
        data = data.subarray(skipped);
      } else if (data.length < BLOCK) {
        this.#pending = data;
        return;
      } else {
        this.#open(data.subarray(0, BLOCK));
        data = data.subarray(BLOCK);
      }
    }
  }

  #open(block: Buffer): void {
    const size = Number.parseInt(block.toString('latin1', 124, 135), 8) || 0;
    this.#json = block.toString('latin1', 0, 8) === 'cluster/';
    this.#left = size;
    this.#padding = (BLOCK - (size % BLOCK)) % BLOCK;
  }

  #takeJson(part: Buffer): void {
    let start = 0;
    for (let end = part.indexOf(NEWLINE); end >= 0; end = part.indexOf(NEWLINE, start)) {
      this.#parseLine(Buffer.concat([...this.#line, part.subarray(start, end)]));
      this.#line = [];
      start = end + 1;
    }
    if (start < part.length) this.#line.push(Buffer.from(part.subarray(start)));
  }

  #parseLine(line: Buffer): void {
    const end = line.at(-1) === 44 ? line.length - 1 : line.length;
    if (line[0] !== 123 || line.at(end - 1) !== 125) return;
    JSON.parse(line.toString('utf8', 0, end));
    this.objects++;
  }
}
