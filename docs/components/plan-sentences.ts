import type {Advice, PlanLaw} from "../src/laws/plan.js";
import {questionText} from "../src/laws/plan-question.js";
import {agreementSentence, bitsText, natsText} from "../src/laws/plan-words.js";
import {countText} from "../src/laws/quantity.js";
import type {PlanAnswer} from "./plan-desk.js";

/** The answer in short: what the laws about bits in training recommend. */
export function planTakeaway({question, advices, problem}: PlanAnswer): string {
  if (problem) return problem;
  const asked = advices.filter(({kind}) => kind === "training");
  if (asked.length === 0) return "Choose a law that knows bits.";
  const isSized = question.parameters !== undefined && question.tokens !== undefined;
  return `${questionText(question)}: ${listOf(asked.map((advice) => recommendation(advice, isSized)))}.`;
}

function recommendation({planLaw, recommended, isGiven}: Advice, isSized: boolean): string {
  if (!recommended) return `no answer (${planLaw.title})`;
  const {parameters, tokens, loss} = recommended;
  const parts = [
    ...(isGiven ? [`a loss of ${loss.toFixed(3)}`] : [bitsText(recommended)]),
    ...(isSized ? [] : [`${countText(parameters)} parameters and ${countText(tokens)} tokens`]),
  ];
  return `${parts.join(", ")} (${planLaw.title})`;
}

/** How far the laws agree, and what the settled bits cost. */
export function planAgreement({advices}: PlanAnswer): string {
  const given = advices.filter(({isGiven, recommended}) => isGiven && recommended);
  if (given.length === 0) return agreementSentence(advices);
  const costs = given.map(({planLaw, recommended, curve}) => {
    const best = curve.reduce((lowest, choice) => (choice.loss < lowest.loss ? choice : lowest));
    return best.bits === recommended!.bits
      ? `nothing by ${planLaw.title}`
      : `${natsText(recommended!.loss - best.loss)} nats by ${planLaw.title}, which prefers ${bitsText(best)}`;
  });
  return `Against each law's best, these bits cost ${listOf(costs)}.`;
}

/** What being wrong by one bit costs, by the law that minds it most. */
export function oneBitSentence({advices}: PlanAnswer): string {
  const sides = advices.flatMap(({planLaw, kind, isGiven, oneBitLess, oneBitMore}) =>
    kind !== "training" || isGiven
      ? []
      : [
          {planLaw, side: "too few", loss: oneBitLess},
          {planLaw, side: "too many", loss: oneBitMore},
        ],
  );
  const known = sides.filter((item): item is typeof item & {loss: number} => item.loss !== null);
  if (known.length === 0) return "";
  const worst = known.reduce((most, item) => (item.loss > most.loss ? item : most));
  return `One bit ${worst.side} costs at most ${natsText(worst.loss)} nats (${worst.planLaw.title}).`;
}

/** How far beyond the runs that were fitted the question lies, by the law that is farthest from it. */
export function rangeSentence({advices}: PlanAnswer): string {
  const factors = advices.flatMap(({planLaw, recommended}) => {
    if (!recommended) return [];
    return (["parameters", "tokens"] as const).flatMap((name) => {
      const range = planLaw.domain[name];
      const value = recommended[name];
      if (!range) return [];
      return [{planLaw, name, factor: Math.max(value / range[1], range[0] / value)}];
    });
  });
  const outside = factors.filter(({factor}) => factor > 1);
  if (factors.length === 0) return "";
  if (outside.length === 0) return "The answers lie where the laws were fitted.";
  const farthest = outside.reduce((most, item) => (item.factor > most.factor ? item : most));
  const count = new Set(outside.map(({planLaw}) => planLaw)).size;
  const all = new Set(factors.map(({planLaw}) => planLaw)).size;
  const laws =
    all === 1 ? "The law answers" : count === all ? "All laws answer" : `${count} of ${all} laws answer`;
  return `${laws} beyond the runs that they were fitted to, ${farthest.planLaw.title} by a factor of ${Number(farthest.factor.toPrecision(2)).toLocaleString("en")} in ${farthest.name}: there they are guesses.`;
}

/** Which runs our own laws were fitted to; empty where there are none. */
export function ownRangeSentence(laws: readonly PlanLaw[]): string {
  const ranges = laws.flatMap(({origin, domain}) =>
    origin === "own" && domain.parameters ? [domain.parameters] : [],
  );
  if (ranges.length === 0) return "";
  const from = Math.min(...ranges.map(([from]) => from));
  const to = Math.max(...ranges.map(([, to]) => to));
  return `Those of ours are fitted to the runs of this site, of ${countText(from, 2)} to ${countText(to, 2)} parameters, and say nothing about other scales.`;
}

const listOf = (parts: readonly string[]): string => parts.join("; ");
