import type {Format} from "../src/formats/format.js";
import {neighbourText} from "./neighbour-text.js";
import {type Neighbours, neighbours} from "./neighbours.js";
import {roundedText} from "./number-text.js";
import {percentage} from "./percentage.js";
import type {RoundingGroup} from "./rounding-modes.js";
import {type RoundingRow, roundingRows} from "./rounding-rows.js";

const groups: Readonly<Record<RoundingGroup, string>> = {
  nearest: "To the nearest",
  directed: "Always the same way",
  stochastic: "By chance",
};

/** What the figure of one number shows, in words. */
export function roundingSentence(x: number, format: Format, bits: number): string {
  const around = neighbours(x, format);
  const {lower, upper, share, isExact, isTie, beyond} = around;
  const place = isExact
    ? `is a value of ${format.name}`
    : beyond
      ? `lies beyond the ${beyond} value of ${format.name}`
      : `lies ${isTie ? "halfway" : `${percentage(share)} of the way`} from ${neighbourText(lower, around)} to ${neighbourText(upper, around)}, its neighbours in ${format.name}`;
  if (isExact) return `${roundedText(x, 10)} ${place}, so that every mode keeps it.`;
  const rows = roundingRows(x, format, bits);
  const parts = Object.entries(groups).map(
    ([group, title]) =>
      `${title}: ${rows
        .filter((row) => row.group === group)
        .map((row) => rowText(row, around))
        .join(", ")}.`,
  );
  return `${roundedText(x, 10)} ${place}. ${parts.join(" ")}`;
}

function rowText({title, result, other, probability}: RoundingRow, around: Neighbours): string {
  if (other === null) return `${title} ${neighbourText(result, around)}`;
  return `${title} ${neighbourText(other, around)} in ${percentage(probability)} of cases, else ${neighbourText(result, around)}`;
}
