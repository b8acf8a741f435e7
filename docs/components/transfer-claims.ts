import {powerLabel} from "./power-label.js";
import {bestPoints, type TransferPoint, type TransferRow, transferPoints} from "./transfer-row.js";

/** How far the best learning rate moves from the narrowest model to the widest, under both schemes, in float32. */
export function transferTakeaway(rows: readonly TransferRow[]): string {
  const points = transferPoints(rows);
  const [standard, munit] = ["standard", "munit"].map((scheme) =>
    bestPoints(points, {scheme, recipe: "fp32"}),
  );
  if (standard.length < 2 || munit.length < 2)
    return "Loss against learning rate, for models of several widths.";
  const growth = standard.at(-1)!.width / standard[0].width;
  const times = growth === 8 ? "Eight" : String(growth);
  return `${times} times as wide, ${movement("a standard model", standard)}; ${movement("under µnit scaling, a model", munit)}.`;
}

function movement(model: string, best: readonly TransferPoint[]): string {
  const ratio = best[0].learning_rate / best.at(-1)!.learning_rate;
  const isFlat = best.every(({learning_rate}) => learning_rate === best[0].learning_rate);
  if (isFlat) return `${model} learns best at the same learning rate`;
  if (ratio === 1) return `${model} learns best at the same learning rate, though not at every width between`;
  const factor = ratio > 1 ? ratio : 1 / ratio;
  return `${model} learns best at a learning rate ${factor} times ${ratio > 1 ? "smaller" : "larger"}`;
}

/** The best learning rate by width, in words, for one scheme and recipe. */
export function bestSentence(rows: readonly TransferRow[], scheme: string, recipe: string): string {
  const best = bestPoints(transferPoints(rows), {scheme, recipe});
  if (best.length === 0) return "no run ended";
  const parts = best.map(
    ({width, learning_rate, loss}) =>
      `width ${width} at ${powerLabel(Math.log2(learning_rate))} with ${loss!.toFixed(2)}`,
  );
  return `lowest losses: ${parts.join(", ")}`;
}

/** What plain FP8 costs each scheme at the best learning rates, beside what a seed does. */
export function castClaim(rows: readonly TransferRow[]): string {
  const points = transferPoints(rows);
  const gaps = (scheme: string) => {
    const [exact, cast] = ["fp32", "fp8"].map((recipe) => bestPoints(points, {scheme, recipe}));
    return exact.flatMap(({width, loss}) => {
      const same = cast.find((point) => point.width === width);
      return same ? [same.loss! - loss!] : [];
    });
  };
  const [standard, munit] = [gaps("standard"), gaps("munit")];
  if (standard.length === 0 || munit.length === 0) return "";
  const seeds = ["standard", "munit"].flatMap((scheme) =>
    bestPoints(points, {scheme, recipe: "fp32"}).map(({losses}) => Math.max(...losses) - Math.min(...losses)),
  );
  const largest = Math.max(...munit.map(Math.abs));
  return (
    `At its best learning rate in plain FP8, a standard model ends ${nats(Math.min(...standard))} to ` +
    `${nats(Math.max(...standard))} nats above its loss in float32, depending on its width; under µnit scaling the two ` +
    `differ by at most ${nats(largest)}. Two seeds of one setting differ by up to ${nats(Math.max(...seeds))}.`
  );
}

/** What it costs the widest model to use the learning rate that is best for the narrowest. */
export function tunedSmallClaim(rows: readonly TransferRow[]): string {
  const points = transferPoints(rows);
  const costs = ["standard", "munit"].flatMap((scheme) => {
    const best = bestPoints(points, {scheme, recipe: "fp32"});
    if (best.length === 0) return [];
    const [narrow, wide] = [best[0], best.at(-1)!];
    const used = points.find(
      (point) =>
        point.scheme === scheme &&
        point.recipe === "fp32" &&
        point.width === wide.width &&
        point.learning_rate === narrow.learning_rate,
    )!;
    const cost = used.loss === null ? "the whole training" : `${nats(used.loss - wide.loss!)} nats`;
    return [{scheme, narrow: narrow.width, wide: wide.width, cost}];
  });
  if (costs.length < 2) return "";
  const [standard, munit] = costs;
  return (
    `Tuned at width ${standard.narrow} and used at width ${standard.wide}, a learning rate costs ${standard.cost} of what ` +
    `could be had under the standard parametrization, and ${munit.cost} under µnit scaling.`
  );
}

const nats = (value: number): string => value.toFixed(2).replace("-", "−");
