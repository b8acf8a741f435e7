import {shownElements} from "./block-choices.js";
import {decibelText} from "./block-losses.js";
import type {BlockSizeError} from "./block-size-errors.js";

/** What the smallest and the largest blocks keep of one format's values, with and without outliers. */
export function blockSizeSentence(rows: readonly BlockSizeError[], element: string): string {
  const text = (data: BlockSizeError["data"], size: number) =>
    decibelText(rows.find((row) => row.data === data && row.element === element && row.size === size)!.ratio);
  return (
    `${shownElements[element]} keeps ${text("without outliers", 16)} of normal values when 16 share a scale and ` +
    `${text("without outliers", 1024)} when 1024 do; with outlying columns ${text("with outliers", 16)} and ` +
    `${text("with outliers", 1024)}.`
  );
}
