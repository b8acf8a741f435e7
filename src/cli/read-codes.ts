import {readFile} from "node:fs/promises";
import {failure} from "../errors.js";
import {fileFailure} from "./file-failure.js";

/**
 * A file of little-endian codes.
 * @param what for the message, such as `A, 3×4 codes of bf16`
 * @throws failures when the file cannot be read, or does not have exactly `count` codes
 */
export async function readCodes(
  path: string,
  {bytes, count, what}: {readonly bytes: 1 | 2 | 4; readonly count: number; readonly what: string},
): Promise<Uint8Array | Uint16Array | Uint32Array> {
  const data = await readFile(path).catch((error) => {
    throw fileFailure("cannot read", path, error);
  });
  if (data.length !== count * bytes) {
    throw failure(`${path} has ${data.length} bytes, but ${what} are ${count} × ${bytes} = ${count * bytes}`);
  }
  const copy = Uint8Array.from(data).buffer;
  return bytes === 1 ? new Uint8Array(copy) : bytes === 2 ? new Uint16Array(copy) : new Uint32Array(copy);
}
