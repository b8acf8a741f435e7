/**
 * The same bytes in chunks that are, but for the last, multiples of `multiple`, and about as large as they came.
 * @param multiple a number of bytes; infinite for a single chunk with everything
 */
export async function* regroupChunks(
  chunks: AsyncIterable<Uint8Array>,
  multiple: number,
): AsyncGenerator<Uint8Array> {
  let waiting: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    waiting.push(chunk);
    length += chunk.length;
    if (length < multiple) continue;
    const bytes = Buffer.concat(waiting);
    const whole = length - (length % multiple);
    yield bytes.subarray(0, whole);
    waiting = [bytes.subarray(whole)];
    length -= whole;
  }
  if (length > 0) yield Buffer.concat(waiting);
}
