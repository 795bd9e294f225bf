/** Bytes that come piece by piece and may end too early. Reading never throws. */
export interface ByteStream {
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Why these are not all bytes; asked after the last chunk. */
  cut(): string | undefined;
}

/** Turns a source that may throw, such as a file or a socket, into a stream that ends instead. */
export function safeStream(source: AsyncIterable<Uint8Array>): ByteStream {
  let reason: string | undefined;
  return { chunks: untilError(source, (message) => (reason = message)), cut: () => reason };
}

async function* untilError(
  source: AsyncIterable<Uint8Array>,
  stopped: (reason: string) => void,
): AsyncGenerator<Uint8Array> {
  let offset = 0;
  try {
    for await (const chunk of source) {
      offset += chunk.length;
      yield chunk;
    }
  } catch (error) {
    stopped(`reading stopped at byte ${offset}: ${messageOf(error)}`);
  }
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
