import {BitscapeError, nearestName, usageError} from "../errors.js";
import {type Cast, isRandom, parseCast} from "../precision/parse-cast.js";

/** How weights are quantized after training: each to its nearest value, or by GPTQ (see `gptq`). */
export type PostTrainingMethod = "nearest" | "gptq";

/** One way to quantize the weights of a trained model. */
export interface PostTrainingItem {
  readonly cast: Cast;
  readonly method: PostTrainingMethod;
}

const example = '"int4 row; gptq int4 row", or for several widths "int2..int8 row"';

/** A sweep asks for the same few texts again and again. */
const parsed = new Map<string, readonly PostTrainingItem[]>();

/**
 * Ways to quantize from text such as `int4 row; gptq int4 row; gptq int2..int8 row`: casts as `parseCast` reads them, one
 * after another between semicolons, with `gptq` before those that GPTQ is to make, and `..` between two integers for
 * these and all between. Empty for none.
 *
 * @throws a usage error of one line that names the item and what is allowed
 */
export function parsePostTraining(text: string): readonly PostTrainingItem[] {
  const before = parsed.get(text);
  if (before) return before;
  const parts = text.trim() === "" ? [] : text.split(";");
  const items = parts
    .flatMap((part) => widths(part.trim().replaceAll(/\s+/g, " ").toLowerCase()))
    .map(parseItem);
  const names = items.map(({method, cast}) => `${method} ${cast.text}`);
  const twice = items.findIndex((_, i) => names.indexOf(names[i]) < i);
  if (twice !== -1) throw usageError(`"${itemText(items[twice])}" is there twice`);
  parsed.set(text, items);
  return items;
}

/** As `parsePostTraining` reads it. */
export const itemText = ({cast, method}: PostTrainingItem): string =>
  method === "gptq" ? `gptq ${cast.text}` : cast.text;

/** The items that an item with a range of integers stands for; any other stands for itself. */
function widths(item: string): string[] {
  const [, method = "", first, last, rest = ""] =
    /^(gptq )?int(\d+)\.\.(?:int)?(\d+)( .*)?$/.exec(item) ?? [];
  if (first === undefined) return [item];
  const [from, to] = [Number(first), Number(last)];
  if (Math.min(from, to) < 2 || Math.max(from, to) > 16) {
    throw usageError(`"${item}": integers have from 2 to 16 bits, as in int2..int8 row`);
  }
  const step = to < from ? -1 : 1;
  return Array.from({length: Math.abs(to - from) + 1}, (_, i) => `${method}int${from + step * i}${rest}`);
}

function parseItem(item: string): PostTrainingItem {
  if (item === "" || item === "gptq")
    throw usageError(`a cast is missing; casts stand between semicolons: ${example}`);
  const [, gptq, text] = /^(gptq )?(.*)$/.exec(item)!;
  const cast = readCast(item, text);
  const reason = unfit(cast);
  if (reason) throw usageError(`"${item}" ${reason}`);
  return {cast, method: gptq ? "gptq" : "nearest"};
}

function readCast(item: string, text: string): Cast {
  try {
    return parseCast(text);
  } catch (error) {
    if (!(error instanceof BitscapeError)) throw error;
    const [first] = item.split(" ");
    if (nearestName(first, ["gptq"])) {
      throw usageError(`"${item}": did you mean gptq for "${first}"?`);
    }
    const hint = text.includes(", ") ? "; casts stand between semicolons" : "";
    throw usageError(`${error.message.includes(`"${text}"`) ? "" : `"${item}": `}${error.message}${hint}`);
  }
}

/** Why weights cannot be quantized so, once and for all, each on its own. */
function unfit(cast: Cast): string | undefined {
  const {scaling, hadamard} = cast;
  if (isRandom(cast)) {
    return `rounds at random; after training weights are rounded once, by a fixed rule such as nearest-even`;
  }
  if (scaling.kind === "delayed")
    return "needs the magnitudes of earlier steps; present ones are found with row";
  if (hadamard) return "mixes the values, which needs a cast of the other operand, too; leave out hadamard";
  return undefined;
}
