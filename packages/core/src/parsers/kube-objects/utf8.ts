/** The part of the WHATWG decoder that is used here; every JavaScript runtime has it, but no ECMAScript library types it. */
declare const TextDecoder: new (
  encoding: 'utf-8',
  options: { readonly ignoreBOM: boolean },
) => { decode(bytes: Uint8Array): string };

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** The text of UTF-8 bytes; what is no UTF-8 becomes U+FFFD. Throws a RangeError above the longest string of the runtime. */
export function decodeUtf8(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}
