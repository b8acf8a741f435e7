import {type FileHandle, open} from "node:fs/promises";
import {Readable} from "node:stream";
import {createGunzip} from "node:zlib";
import {RecordBatchReader} from "apache-arrow";
import {BitscapeError, failure} from "../errors.js";
import {columnarRunTableReader} from "../laws/columnar-run-table.js";
import {printable} from "../laws/printable.js";
import type {RunTableOptions, RunTableReading} from "../laws/run-table-builder.js";
import {runTableReader} from "../laws/run-table-reader.js";
import {fileFailure} from "./file-failure.js";

export interface ReadRunTableOptions extends RunTableOptions {
  /** Told how many bytes of how many have been read; `total` is null for a pipe. */
  readonly onProgress?: (bytes: number, total: number | null) => void;
}

/**
 * Reads a table of runs from a file of text or Arrow, which is told by its first bytes; `-` is standard input. Text may be
 * compressed by gzip. Nothing is kept of a file but the numbers that are needed.
 *
 * @throws a failure or usage error that names the file
 */
export async function readRunTableFile(path: string, options: ReadRunTableOptions): Promise<RunTableReading> {
  try {
    if (path === "-") return await readStream(process.stdin, null, options);
    const handle = await open(path);
    try {
      return await readFile(handle, options);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw ofFile(path, error);
  }
}

function ofFile(path: string, error: unknown): BitscapeError {
  const name = path === "-" ? "standard input" : printable(path, 200);
  if (error instanceof BitscapeError) return new BitscapeError(`${name}: ${error.message}`, error.exitCode);
  if (error instanceof Error && "code" in error) return fileFailure("cannot read", name, error);
  throw error;
}

async function readFile(handle: FileHandle, options: ReadRunTableOptions): Promise<RunTableReading> {
  const stats = await handle.stat();
  const open = (start?: number) => handle.createReadStream({autoClose: false, start, highWaterMark: 1 << 18});
  if (!stats.isFile()) return readStream(open(), null, options);
  const start = new Uint8Array(8);
  await handle.read(start, 0, start.length, 0);
  if (beginsWith(start, arrowFile)) return readArrow(handle, options); // reads one batch after the other
  return readStream(open(0), stats.size, options);
}

const arrowFile = [..."ARROW1"].map((letter) => letter.charCodeAt(0));
const arrowStream = [0xff, 0xff, 0xff, 0xff];
const gzip = [0x1f, 0x8b];
const beginsWith = (bytes: Uint8Array, start: readonly number[]) =>
  start.every((byte, i) => bytes[i] === byte);

async function readStream(
  stream: Readable,
  total: number | null,
  options: ReadRunTableOptions,
): Promise<RunTableReading> {
  const {onProgress = () => {}} = options;
  let done = 0;
  const counted = (async function* () {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      done += chunk.length;
      onProgress(done, total);
      yield chunk;
    }
  })();
  const first = await counted.next();
  const start = first.done ? Buffer.alloc(0) : first.value;
  const chunks = (async function* () {
    yield start;
    yield* counted;
  })();
  if (beginsWith(start, arrowFile) || beginsWith(start, arrowStream)) return readArrow(chunks, options);
  return readText(beginsWith(start, gzip) ? unpacked(chunks) : chunks, options);
}

async function readText(
  chunks: AsyncIterable<Uint8Array>,
  options: RunTableOptions,
): Promise<RunTableReading> {
  const reader = runTableReader(options);
  for await (const chunk of chunks) reader.push(chunk);
  return reader.end();
}

/** What gzip packed. @throws a failure where it is damaged */
async function* unpacked(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip();
  try {
    yield* Readable.from(chunks).pipe(gunzip);
  } catch (error) {
    if (error instanceof BitscapeError || !(error instanceof Error)) throw error;
    throw failure(`cannot be unpacked: ${error.message}`);
  }
}

async function readArrow(
  source: FileHandle | AsyncIterable<Uint8Array>,
  options: ReadRunTableOptions,
): Promise<RunTableReading> {
  let reader: ReturnType<typeof columnarRunTableReader> | undefined;
  try {
    const batches = await RecordBatchReader.from(source as AsyncIterable<Uint8Array>);
    await batches.open();
    const {fields} = batches.schema;
    reader = columnarRunTableReader(
      fields.map(({name}) => name),
      options,
    );
    for await (const batch of batches) {
      const columns = fields.map((_, i) => batch.getChildAt(i));
      reader.push({rows: batch.numRows, valueAt: (column, row) => columns[column]?.get(row)});
    }
  } catch (error) {
    if (error instanceof BitscapeError) throw error;
    throw failure(
      `this cannot be read as Arrow (${printable(messageOf(error), 120)}); is the file complete?`,
    );
  }
  return reader.end();
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
