import type {Product} from "../product.js";

/**
 * An ONNX file with one node, c = MatMul(a, b), whose operands are both inputs. Messages and field numbers are those
 * of onnx.proto; only strings, integers and nested messages are needed of the protobuf encoding.
 */
export function matmulModel({m, n, k}: Product): Uint8Array {
  const matrix = (name: string, rows: number, columns: number) => {
    const dimension = (size: number) => field(1, message(field(1, size))); // TensorShapeProto.dim.dim_value
    const shape = message(dimension(rows), dimension(columns));
    const float32 = 1;
    const tensor = message(field(1, float32), field(2, shape)); // TypeProto.Tensor: elem_type, shape
    return message(field(1, name), field(2, message(field(1, tensor)))); // ValueInfoProto: name, type
  };
  const node = message(field(1, "a"), field(1, "b"), field(2, "c"), field(4, "MatMul")); // NodeProto
  const graph = message(
    field(1, node),
    field(2, "matmul"),
    field(11, matrix("a", m, k)),
    field(11, matrix("b", k, n)),
    field(12, matrix("c", m, n)),
  );
  const [irVersion, operatorSet] = [8, 13];
  return message(field(1, irVersion), field(7, graph), field(8, message(field(2, operatorSet)))); // ModelProto
}

const message = (...fields: Uint8Array[]): Uint8Array =>
  Uint8Array.from(fields.flatMap((bytes) => [...bytes]));

function field(number: number, value: number | string | Uint8Array): Uint8Array {
  if (typeof value === "number") return Uint8Array.from([number << 3, ...variableLength(value)]);
  const bytes = typeof value === "string" ? new TextEncoder().encode(value) : value;
  return Uint8Array.from([(number << 3) | 2, ...variableLength(bytes.length), ...bytes]);
}

/** Seven bits a byte, lowest first; the high bit says that more follow. */
function variableLength(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...variableLength(value >>> 7)];
}
