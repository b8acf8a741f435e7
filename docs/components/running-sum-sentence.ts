import {type SumRuns, type SumSettings, stallsAfter} from "../src/precision/running-sum.js";
import {formatLabel} from "./format-label.js";
import {roundedText} from "./number-text.js";

/** A sum for people: with as many digits as tell the sums apart. */
export const runningSumText = (sum: number): string =>
  Math.abs(sum) >= 1000 ? Math.round(sum).toLocaleString("en") : roundedText(sum, 4);

/** What happened to the sums, in words. */
export function runningSumSentence(
  {exact, nearest, stochastic, mean}: SumRuns,
  settings: SumSettings,
): string {
  const title = formatLabel(settings.format.name);
  const last = (sums: Float64Array) => sums[sums.length - 1];
  const ends = stochastic.map(last);
  const spread = `between ${runningSumText(Math.min(...ends))} and ${runningSumText(Math.max(...ends))}`;
  return (
    `${stepsText(settings)} add up to ${runningSumText(last(exact))}. ` +
    `Rounded to the nearest ${title} value after every addition, the sum ${endText(nearest)}. ` +
    `Rounded by chance, ${stochastic.length} runs end ${spread}, at ${runningSumText(last(mean))} on average.`
  );
}

function stepsText({count, add}: SumSettings): string {
  const number = count.toLocaleString("en");
  return add === "random" ? `${number} random numbers between 0 and 1` : `${number} times ${add}`;
}

function endText(sums: Float64Array): string {
  const stalled = stallsAfter(sums);
  const end = runningSumText(sums[sums.length - 1]);
  return stalled === null
    ? `ends at ${end}`
    : `stops at ${end}, after ${stalled.toLocaleString("en")} of them`;
}
