import type { ByteReader } from '../bytes/byte-reader.ts';
import { Dictionary } from './dictionary.ts';
import { LzmaDecoder } from './lzma.ts';

/** Why an LZMA2 stream can not be read on. */
export type Lzma2Failure = 'cut' | 'damaged';

/**
 * Unpacks LZMA2 chunk by chunk; ends with `undefined` after the end mark, or with what went wrong, after giving what could
 * be unpacked. A chunk has at most 64 KiB packed and 2 MiB unpacked, so each is decoded at once.
 */
export async function* unpackLzma2(
  reader: ByteReader,
  dictionarySize: number,
): AsyncGenerator<Uint8Array, Lzma2Failure | undefined> {
  const dictionary = new Dictionary(dictionarySize);
  const lzma = new LzmaDecoder(dictionary);
  let needs: 'dictionary' | 'properties' | 'state' | 'nothing' = 'dictionary';
  for (;;) {
    const control = (await reader.take(1))[0];
    if (control === undefined) return 'cut';
    if (control === 0) return undefined;
    if (control >= 0xe0 || control === 1) {
      dictionary.reset();
      lzma.resetPosition();
      if (needs === 'dictionary') needs = 'properties';
    } else if (needs === 'dictionary') return 'damaged';

    if (control < 0x80) {
      if (control > 2) return 'damaged';
      const failure = yield* plainChunk(reader, dictionary, lzma);
      if (failure !== undefined) return failure;
      continue;
    }
    const header = await reader.take(control >= 0xc0 ? 5 : 4);
    if (header.length < (control >= 0xc0 ? 5 : 4)) return 'cut';
    const [high = 0, low = 0, packedHigh = 0, packedLow = 0, properties] = header;
    if (properties !== undefined) {
      if (!lzma.setProperties(properties)) return 'damaged';
      needs = 'nothing';
    } else if (needs !== 'nothing') return 'damaged';
    else if (control >= 0xa0) lzma.resetState();
    const start = dictionary.begin(((control & 0x1f) << 16) + (high << 8) + low + 1);
    const packedSize = (packedHigh << 8) + packedLow + 1;
    const packed = await reader.take(packedSize);
    const end = lzma.decode(packed);
    yield dictionary.since(start);
    if (end !== 'whole') return packed.length < packedSize ? 'cut' : 'damaged';
  }
}

async function* plainChunk(
  reader: ByteReader,
  dictionary: Dictionary,
  lzma: LzmaDecoder,
): AsyncGenerator<Uint8Array, Lzma2Failure | undefined> {
  const [high, low] = await reader.take(2);
  if (high === undefined || low === undefined) return 'cut';
  const size = (high << 8) + low + 1;
  const bytes = await reader.take(size);
  dictionary.begin(size);
  dictionary.append(bytes);
  lzma.addPlain(bytes.length);
  yield bytes.slice();
  return bytes.length < size ? 'cut' : undefined;
}
