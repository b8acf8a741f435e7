import {listed} from "../src/laws/listed.js";
import type {LawLine} from "./critical-laws.js";
import {
  type CriticalRow,
  hasTurned,
  lowest,
  overtrainedModels,
  roundedModels,
  roundedSeries,
  type TextSeries,
  trainingSeries,
} from "./critical-rows.js";
import {countText} from "./token-count.js";

/** What the page opens with: how many of our models more text made worse, once they are rounded. */
export function criticalTakeaway(rows: readonly CriticalRow[]): string {
  const models = roundedModels(rows).map((parameters) =>
    roundedSeries(rows, {parameters, method: "nearest"}),
  );
  const withText = models.filter((series) => series.some(({points}) => points.length > 1));
  if (withText.length === 0)
    return "When does more text make a model worse? No runs have been published yet.";
  const widths = [...new Set(withText.flat().map(({bits}) => bits))]
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  const turned = (bits: number) =>
    withText.filter((series) => series.some((line) => line.bits === bits && hasTurned(line.points, noise)))
      .length;
  const harmed = widths.filter((bits) => turned(bits) > 0);
  const plain = withText.filter((series) =>
    series.some((line) => line.bits === Number.POSITIVE_INFINITY && !hasTurned(line.points, noise)),
  ).length;
  const better =
    plain === withText.length ? "every model here" : `${plain} of ${withText.length} models here`;
  if (harmed.length === 0)
    return `More text made ${better} better, and none of them worse once its weights were rounded.`;
  const parts = harmed.map(
    (bits, i) => `${turned(bits)}${i === 0 ? ` of ${withText.length}` : ""} in ${bits} bits`,
  );
  return `More text made ${better} better. Once the weights were rounded, it made some of them worse: ${listed(parts)}.`;
}

/** Nats below which two losses count as one: runs of two seeds differ by about as much. */
export const noise = 0.02;

/** Where the lines of one model turn. */
export function roundedSentence(series: readonly TextSeries[], parameters: number): string {
  const shown = series.filter(({points}) => points.length > 1);
  if (shown.length === 0) return "This model has seen one amount of text only.";
  const most = Math.max(
    ...shown.flatMap(({points}) => points.map(({tokensPerParameter}) => tokensPerParameter)),
  );
  const turned = shown.filter(({points}) => hasTurned(points, noise));
  const still = shown.filter(({points}) => !hasTurned(points, noise));
  const stillText =
    still.length === 0
      ? ""
      : ` It does not rise again, up to ${Math.round(most)} tokens for each parameter, ${bitsText(still)}.`;
  if (turned.length === 0)
    return `${countText(parameters)} parameters: the loss falls with text.${stillText}`;
  const words = turned.map(
    ({name, points}) =>
      `${name === "not rounded" ? "not rounded" : `in ${name}`} at ${Math.round(lowest(points).tokensPerParameter)}`,
  );
  return `Of the amounts of text that a model of ${countText(parameters)} parameters was trained on, the loss is lowest ${listed(words)} tokens for each parameter, and higher after more.${stillText}`;
}

/** "in 4, 5 and 6 bits and where nothing is rounded". */
function bitsText(lines: readonly TextSeries[]): string {
  const widths = lines.filter(({bits}) => Number.isFinite(bits)).map(({bits}) => String(bits));
  const isPlain = lines.some(({bits}) => bits === Number.POSITIVE_INFINITY);
  const rounded = widths.length > 0 ? `in ${listed(widths)} bits` : "";
  return [rounded, isPlain ? "where nothing is rounded" : ""].filter(Boolean).join(", nor ");
}

/** Critical amounts of text of a law, for one model. */
export function lawSentence(lines: readonly LawLine[], parameters: number, outside: string): string {
  const finite = lines.filter(({critical}) => Number.isFinite(critical));
  if (finite.length === 0) return "Choose a format.";
  const words = finite.map(
    ({name, critical}) =>
      `${countText(critical)} in ${name} (${ratioText(critical / parameters)} for each parameter)`,
  );
  return `By the published law, a model of ${countText(parameters)} parameters is best after so many tokens: ${listed(words)}. More make it worse.${outside && ` ${outside}`}`;
}

/** "5.9", "177", "28 thousand". */
export const ratioText = (ratio: number): string =>
  ratio >= 100 ? countText(ratio) : String(Number(ratio.toPrecision(2)));

/** What a longer training does with casts. */
export function trainingSentence(series: readonly TextSeries[], rates: "tuned" | "own"): string {
  const plain = series.find(({name}) => name === "not rounded");
  const casts = series.filter((line) => line !== plain && line.points.length > 1);
  if (!plain || casts.length === 0)
    return "No model was trained on more than one amount of text with these rates.";
  const words = casts.map(({name, points}) => {
    const best = lowest(points);
    const later = points.filter(({tokens}) => tokens >= best.tokens).map(({loss}) => loss);
    return hasTurned(points, noise)
      ? `${name} is best after ${Math.round(best.tokensPerParameter)} tokens for each parameter, and up to ${(Math.max(...later) - best.loss).toFixed(3)} nats worse after more`
      : `${name} is not worse after more text`;
  });
  const rateText =
    rates === "own"
      ? "With the best of the learning rates that were tried for each line"
      : `With the learning rate that is best in float32 for each amount of text (${plain.points.map(({rates}) => rates.join(" and ")).join(", ")})`;
  return `${rateText}: ${words.join("; ")}. Without rounding the loss ${hasTurned(plain.points, noise) ? "rises, too" : "falls all the way"}.`;
}

/** Whether more text does harm in training with few bits, and whether it is the text or the learning rate. */
export function trapClaim(rows: readonly CriticalRow[]): string {
  const turned = (rates: "tuned" | "own") => {
    const lines = overtrainedModels(rows).flatMap((parameters) =>
      trainingSeries(rows, {parameters, rates}).filter(
        ({name, points}) => /^E\dM\d$/.test(name) && points.length > 1,
      ),
    );
    return {
      of: lines.length,
      names: listed([...new Set(lines.map(({name}) => name))]),
      count: lines.filter(({points}) => hasTurned(points, noise)).length,
    };
  };
  const [tuned, own] = [turned("tuned"), turned("own")];
  if (tuned.of === 0) return "No runs have been published yet.";
  const first = `With the learning rates that are best in float32 for each amount of text, ${tuned.count} of ${tuned.of} models trained in ${tuned.names} ${tuned.of === 1 || tuned.count === 1 ? "gets" : "get"} worse with more text.`;
  const second = `With the best of the rates that were tried in ${own.names} itself, ${own.count === 0 ? "none" : own.count} of ${own.of} ${own.of === 1 || own.count < 2 ? "does" : "do"}`;
  return tuned.count > 0 && own.count === 0
    ? `${first} ${second}: it is the rate that does the harm, and a critical amount of text is not shown.`
    : `${first} ${second}.`;
}

/** What a point of the explorer means. */
export function explorerSentence(
  lines: readonly Pick<LawLine, "name" | "critical">[],
  {parameters, tokens}: {readonly parameters: number; readonly tokens: number},
  outside: string,
): string {
  const beyond = lines.filter(({critical}) => tokens > critical).map(({name}) => name);
  const before = lines.filter(({critical}) => tokens <= critical);
  const place = `${countText(parameters)} parameters on ${countText(tokens)} tokens, ${ratioText(tokens / parameters)} for each`;
  const harm =
    beyond.length > 0
      ? `past the critical amount in ${listed(beyond)}`
      : "before the critical amount in every format shown";
  const room =
    before.length > 0 && beyond.length > 0
      ? `; in ${before[0].name} there is room for ${ratioText(before[0].critical / tokens)} times the text`
      : before.length > 0
        ? `, by a factor of ${ratioText(Math.min(...before.map(({critical}) => critical)) / tokens)}`
        : "";
  return `${place}: ${harm}${room}.${outside && ` ${outside}`}`;
}
