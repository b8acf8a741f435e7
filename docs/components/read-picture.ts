import type {Matrix} from "./matrix-data.js";

/** Longest side in pixels; larger pictures are made smaller. */
const largestSide = 96;

/** The light of a picture that the reader chose, from 0 to 1. It stays on the reader's computer. Browser only. */
export async function readPicture(file: Blob): Promise<Matrix> {
  const picture = await createImageBitmap(file);
  const shrink = Math.min(1, largestSide / Math.max(picture.width, picture.height));
  const columns = Math.max(1, Math.round(picture.width * shrink));
  const rows = Math.max(1, Math.round(picture.height * shrink));
  const canvas = document.createElement("canvas");
  canvas.width = columns;
  canvas.height = rows;
  const context = canvas.getContext("2d")!;
  context.drawImage(picture, 0, 0, columns, rows);
  const {data} = context.getImageData(0, 0, columns, rows);
  // Rec. 709 weights; squared, since screens show about the square root of light.
  const values = Float32Array.from({length: rows * columns}, (_, i) => {
    const tone = (0.2126 * data[4 * i] + 0.7152 * data[4 * i + 1] + 0.0722 * data[4 * i + 2]) / 255;
    return tone * tone;
  });
  return {rows, columns, values};
}
