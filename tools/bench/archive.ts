import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createGzip } from 'node:zlib';
import { type GeneratedFile, generateCluster, type ScaleOptions } from '@netvet/testkit';

const BLOCK = 512;

/** Writes a generated cluster as `.tar.gz`, unless the file is there already. */
export async function writeClusterArchive(file: string, options: ScaleOptions): Promise<void> {
  if (existsSync(file)) return;
  await mkdir(dirname(file), { recursive: true });
  const gzip = createGzip({ level: constants.Z_BEST_SPEED });
  await pipeline(Readable.from(tarBlocks(generateCluster(options))), gzip, createWriteStream(`${file}.part`));
  await rename(`${file}.part`, file);
}

function* tarBlocks(files: Iterable<GeneratedFile>): Generator<Buffer> {
  for (const { path, pieces } of files) {
    let size = 0;
    for (const piece of pieces()) size += Buffer.byteLength(piece);
    yield header(path, size);
    for (const piece of pieces()) yield Buffer.from(piece);
    const rest = size % BLOCK;
    if (rest > 0) yield Buffer.alloc(BLOCK - rest);
  }
  yield Buffer.alloc(2 * BLOCK);
}

/** A ustar header; see tar(5). */
function header(path: string, size: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  block.write(path, 0, 100);
  block.write('0000644\0', 100);
  block.write('0000000\0', 108);
  block.write('0000000\0', 116);
  block.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  block.write('00000000000\0', 136);
  block.write('        ', 148);
  block.write('0', 156);
  block.write('ustar\0', 257);
  block.write('00', 263);
  let sum = 0;
  for (const byte of block) sum += byte;
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}
