import {
  AsyncByteQueue,
  Bool,
  type Data,
  type DataType,
  Dictionary,
  Field,
  Float64,
  Int32,
  makeData,
  RecordBatch,
  RecordBatchFileWriter,
  Schema,
  Struct,
  Utf8,
  type Vector,
  vectorFromArray,
} from "apache-arrow";
import type {Cell, Column} from "./result-tables.js";

/** Rows that are in memory at once. */
const batchRows = 16_384;

/** A table as an Arrow file, in batches; categories are dictionaries that all batches share. */
export async function* arrowChunks(
  columns: readonly Column[],
  groups: AsyncIterable<Iterable<readonly Cell[]>>,
): AsyncGenerator<Uint8Array> {
  const encoders = columns.map(columnEncoder);
  const schema = new Schema(columns.map(({name}, i) => new Field(name, encoders[i].type, true)));
  const sink = new ByteCollector();
  const writer = new RecordBatchFileWriter();
  writer.reset(sink, schema);
  const write = (rows: readonly (readonly Cell[])[]) => {
    const children = encoders.map(({encode}, i) => encode(rows.map((row) => row[i])));
    const data = makeData({type: new Struct(schema.fields), length: rows.length, nullCount: 0, children});
    writer.write(new RecordBatch(schema, data));
  };
  let rows: (readonly Cell[])[] = [];
  for await (const group of groups) {
    for (const row of group) {
      rows.push(row);
      if (rows.length < batchRows) continue;
      write(rows);
      rows = [];
      yield* sink.take();
    }
  }
  if (rows.length > 0) write(rows);
  writer.finish();
  yield* sink.take();
}

/** Takes what a writer writes at once, so that nothing waits in memory. */
class ByteCollector extends AsyncByteQueue {
  private chunks: Uint8Array[] = [];

  override write(chunk: Uint8Array): void {
    this.chunks.push(chunk.slice());
  }

  take(): Uint8Array[] {
    return this.chunks.splice(0);
  }
}

interface ColumnEncoder {
  readonly type: DataType;
  readonly encode: (cells: readonly Cell[]) => Data;
}

function columnEncoder({type, categories = []}: Column, index: number): ColumnEncoder {
  if (type === "category") return categoryEncoder(categories, index);
  const plain = {integer: new Int32(), number: new Float64(), boolean: new Bool(), text: new Utf8()}[type];
  return {type: plain, encode: (cells) => (vectorFromArray(cells, plain) as Vector).data[0]};
}

function categoryEncoder(categories: readonly string[], index: number): ColumnEncoder {
  const type = new Dictionary(new Utf8(), new Int32(), index);
  const dictionary = vectorFromArray(categories, new Utf8());
  const codes = new Map(categories.map((category, code) => [category, code]));
  return {
    type,
    encode(cells) {
      const data = Int32Array.from(cells, (cell) => codes.get(String(cell)) ?? 0);
      return makeData({type, length: data.length, nullCount: 0, data, dictionary});
    },
  };
}
