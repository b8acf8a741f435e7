import {listed} from "../src/laws/listed.js";
import {constantRows} from "./constant-rows.js";
import {type LawPoint, mostDrawn, residualPercent} from "./law-points.js";
import type {LawsDesk, ShownFit} from "./laws-desk.js";
import {shortNumber} from "./short-number.js";

const count = (rows: number, noun: string): string =>
  `${rows.toLocaleString("en")} ${noun}${rows === 1 ? "" : "s"}`;

/** "240 runs, 5 dropped" */
export function rowsText({result, dropped}: ShownFit): string {
  const others = result.dropped.length - dropped.size;
  const left = dropped.size > 0 ? `, ${dropped.size.toLocaleString("en")} dropped` : "";
  return `${count(result.rows, "run")}${left}${others > 0 ? `, ${others.toLocaleString("en")} not usable` : ""}`;
}

/** The main result in words: how well the law fits, and what it says. */
export function lawTakeaway(desk: LawsDesk): string {
  const fit = desk.shown();
  const {title} = desk.table();
  if (!fit) return `${desk.law().title} on ${title}: not fitted yet.`;
  const {law, result} = fit;
  const typical = (result.rootMeanSquare * 100).toPrecision(2);
  const unknown = result.constants.filter(({identified}) => !identified);
  const open =
    unknown.length === 0
      ? ""
      : unknown.length === result.constants.length
        ? " These runs identify none of its constants."
        : ` These runs do not identify ${listed(unknown.map(({symbol}) => symbol))}.`;
  return `${law.title}, fitted to ${rowsText(fit)}: it misses a run by ${typical} % (root mean square).${open}`;
}

/** What dropping changed: the constant that moved most, in parts of its interval. */
export function changeSentence(fit: ShownFit, before: ShownFit | undefined): string {
  if (!before) return "";
  const moves = constantRows(fit, before).flatMap(({symbol, value, before: earlier, interval}) => {
    if (earlier === undefined || !Number.isFinite(value) || !Number.isFinite(earlier) || value === earlier)
      return [];
    const width = interval ? interval[1] - interval[0] : Number.NaN;
    return [{symbol, value, earlier, share: Math.abs(value - earlier) / width}];
  });
  if (moves.length === 0) return "No constant has moved.";
  const known = moves.filter(({share}) => Number.isFinite(share)).sort((a, b) => b.share - a.share);
  const {symbol, value, earlier, share} = known[0] ?? moves[0];
  const size = Number.isFinite(share) ? `, ${shareText(share)} of its interval` : "";
  return `Most moved: ${symbol} from ${shortNumber(earlier, 4)} to ${shortNumber(value, 4)}${size}.`;
}

const shareText = (share: number): string =>
  share >= 0.1
    ? `${Number(share.toPrecision(2))} times the width`
    : `${Number((share * 100).toPrecision(1))} % of the width`;

/** A chart's name for those who do not see it. */
export function predictedSentence(desk: LawsDesk, points: readonly LawPoint[]): string {
  const kept = points.filter(({isDropped}) => !isDropped);
  const near = kept.filter((point) => Math.abs(residualPercent(point)) <= 1).length;
  return `Predicted against measured loss by ${desk.law().title}: ${near} of ${kept.length} runs within 1 %, ${points.length - kept.length} dropped.`;
}

export function residualSentence(points: readonly LawPoint[], along: string): string {
  const kept = points.filter((point) => !point.isDropped && Number.isFinite(residualPercent(point)));
  if (kept.length === 0) return `No residuals along ${along}.`;
  const worst = kept.reduce((a, b) => (Math.abs(residualPercent(b)) > Math.abs(residualPercent(a)) ? b : a));
  const miss = residualPercent(worst);
  return `Residuals along ${along}: the largest is ${Math.abs(miss).toFixed(1)} % ${miss < 0 ? "below" : "above"} the law, ${worst.label}.`;
}

/** Where a figure comes from, for a citation. */
export function fitSource(figure: string, desk: LawsDesk): string {
  const fit = desk.shown();
  const {title, runs} = desk.table();
  const made = fit
    ? `; ${desk.law().title} fitted to ${rowsText(fit)}, Huber δ ${deltaText(fit.result.huberDelta)}`
    : "";
  const part =
    runs.rows > mostDrawn
      ? ` About ${mostDrawn.toLocaleString("en")} of the runs are drawn, evenly chosen.`
      : "";
  return `Bitscape, laws, ${figure}: ${title}${made}.${part}`;
}

/** JSON has no infinity: a δ without end is null there. */
export const deltaText = (delta: number | null): string =>
  delta === null || !Number.isFinite(delta) ? "none (least squares)" : String(delta);
