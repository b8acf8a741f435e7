import {createReadStream} from "node:fs";
import {stat} from "node:fs/promises";
import {type BitscapeError, failure} from "../errors.js";
import {fileFailure} from "./file-failure.js";

/** Bytes that are read at once: small enough to stay in a cache. */
const chunkBytes = 1 << 18;

/** Float32 data in chunks of whole floats; every iteration starts from the beginning. */
export type FloatChunks = AsyncIterable<Uint8Array>;

/**
 * The little-endian float32 values of a file.
 * @throws failures, while reading, when the file cannot be read or its length is not a multiple of 4
 */
export function floatsOfFile(path: string): FloatChunks {
  return {
    async *[Symbol.asyncIterator]() {
      try {
        const {size} = await stat(path);
        if (size % 4 !== 0) throw brokenLength(path, size);
        yield* wholeFloats(createReadStream(path, {highWaterMark: chunkBytes}), path);
      } catch (error) {
        throw isFileError(error) ? fileFailure("cannot read", path, error) : error;
      }
    },
  };
}

/** The same from stdin. As it can be read only once, `isReadTwice` keeps it in memory. */
export function floatsOfStdin({isReadTwice}: {isReadTwice: boolean}): FloatChunks {
  const once = wholeFloats(process.stdin, "stdin");
  if (!isReadTwice) return once;
  const kept: Uint8Array[] = [];
  let isKept = false;
  return {
    async *[Symbol.asyncIterator]() {
      if (!isKept) for await (const chunk of once) kept.push(chunk);
      isKept = true;
      yield* kept;
    },
  };
}

/** Regroups chunks so that none ends within a float. */
async function* wholeFloats(chunks: AsyncIterable<Buffer>, name: string): AsyncGenerator<Uint8Array> {
  let rest: Buffer = Buffer.alloc(0);
  let length = 0;
  for await (const chunk of chunks) {
    const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    const whole = bytes.length - (bytes.length % 4);
    length += chunk.length;
    rest = bytes.subarray(whole);
    if (whole > 0) yield bytes.subarray(0, whole);
  }
  if (rest.length > 0) throw brokenLength(name, length);
}

const brokenLength = (name: string, bytes: number): BitscapeError =>
  failure(`${name} has ${bytes} bytes, which is no multiple of 4 as float32 data must be`);

const isFileError = (error: unknown): boolean => typeof (error as NodeJS.ErrnoException).syscall === "string";
