/** Rows of pixels, one byte each; of grey ones 0 is black. */
export interface GrayPixels {
  readonly width: number;
  readonly height: number;
  readonly bytes: Uint8Array;
}

/** Longest run of bytes that deflate stores in one piece. */
const storedBytes = 0xffff;

/** A PNG file as a data address, made without a canvas, so that a chart with pixels in it is the same everywhere. */
export const grayPng = (pixels: GrayPixels): string => pngAddress(pixels, {colorType: 0, chunks: []});

/** The same for pixels that are numbers of colours (at most 256, red, green and blue each); number 0 is transparent. */
export const indexedPng = (
  pixels: GrayPixels,
  colors: readonly (readonly [number, number, number])[],
): string =>
  pngAddress(pixels, {
    colorType: 3,
    chunks: [chunk("PLTE", Uint8Array.from(colors.flat())), chunk("tRNS", Uint8Array.of(0))],
  });

/** `chunks` stand between the header and the pixels. */
function pngAddress(
  {width, height, bytes}: GrayPixels,
  {colorType, chunks}: {colorType: number; chunks: readonly Uint8Array[]},
): string {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, colorType, 0, 0, 0], 8); // 8 bits; compression, filter and interlace as usual
  const rows = new Uint8Array(height * (width + 1)); // each begins with its filter: none
  for (let y = 0; y < height; y++) rows.set(bytes.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  const file = [
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk("IHDR", header),
    ...chunks,
    chunk("IDAT", stored(rows)),
    chunk("IEND", new Uint8Array(0)),
  ];
  const text = file.flatMap((part) => Array.from(part, (byte) => String.fromCharCode(byte))).join("");
  return `data:image/png;base64,${btoa(text)}`;
}

/** Bytes in the format of zlib, not compressed. */
function stored(bytes: Uint8Array): Uint8Array {
  const pieces = Math.max(1, Math.ceil(bytes.length / storedBytes));
  const out = new Uint8Array(2 + 5 * pieces + bytes.length + 4);
  const view = new DataView(out.buffer);
  out.set([0x78, 0x01]);
  let end = 2;
  for (let i = 0; i < pieces; i++) {
    const piece = bytes.subarray(i * storedBytes, (i + 1) * storedBytes);
    out[end] = i === pieces - 1 ? 1 : 0;
    view.setUint16(end + 1, piece.length, true);
    view.setUint16(end + 3, ~piece.length & 0xffff, true);
    out.set(piece, end + 5);
    end += 5 + piece.length;
  }
  view.setUint32(end, adler32(bytes));
  return out;
}

function chunk(type: string, content: Uint8Array): Uint8Array {
  const out = new Uint8Array(12 + content.length);
  const view = new DataView(out.buffer);
  view.setUint32(0, content.length);
  for (let i = 0; i < 4; i++) out[4 + i] = type.charCodeAt(i);
  out.set(content, 8);
  view.setUint32(8 + content.length, crc32(out.subarray(4, 8 + content.length)));
  return out;
}

function crc32(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

function adler32(bytes: Uint8Array): number {
  let [a, b] = [1, 0];
  for (const byte of bytes) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  return b * 65536 + a;
}
