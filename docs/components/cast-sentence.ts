import {formatProperties} from "../src/formats/derived.js";
import {isNearest} from "../src/formats/rounding.js";
import type {CastView} from "./cast-view.js";
import {numberText} from "./number-text.js";

/**
 * One sentence that says what a cast did to a value, and why.
 * @param rules who decided where rounding alone did not
 */
export function castSentence(view: CastView, rules = policyTitle(view.policy)): string {
  const {format, typed, value, below, above, hasCode} = view;
  const {largest, lowest, smallest, overflowThreshold} = formatProperties(format);
  const name = format.name;
  const text = readable(typed);
  if (!hasCode) {
    return `${capital(rules)} leaves ${short(value)}, for which ${name} has no code: it computes in float32.`;
  }
  if (Number.isNaN(typed)) {
    if (Number.isNaN(value)) return "NaN stays NaN.";
    return `${name} has no NaN, and ${rules} makes it ${short(value)}.`;
  }
  if (Object.is(typed, value)) return `${text} is a value of ${name}: nothing is lost.`;
  if (typed === value) return `${name} has no −0: the sign of zero is lost.`;
  if (typed === 0) return `${name} has no zero, and ${rules} makes it ${short(value)}.`;
  if (typed < 0 && lowest >= 0) {
    return `${name} has no negative values, and ${rules} makes them ${short(value)}.`;
  }
  if (!Number.isFinite(typed)) {
    return `${name} has no infinity, and ${rules} makes it ${short(value)}.`;
  }
  if (typed > largest || typed < lowest) {
    const limit = typed > 0 ? largest : lowest;
    const beyond = `beyond ${short(limit)}, the last value of ${name}`;
    if (value !== limit) return `${text} rounds ${beyond}; ${rules} makes that ${short(value)}.`;
    const isNear = isNearest(view.rounding) && Math.abs(typed) <= overflowThreshold;
    return `${text} lies ${beyond}, and ${isNear ? "is still rounded back to it" : "becomes that"}.`;
  }
  if (below === null || above === null || (value !== below && value !== above)) {
    return `${capital(rules)} makes ${text} ${short(value)}.`;
  }
  const between = `${text} lies between ${short(below)} and ${short(above)}`;
  const kept = short(value);
  if (!isNearest(view.rounding))
    return `${between}; rounding ${directions[view.rounding] ?? ""} takes ${kept}.`;
  const [down, up] = [typed - below, above - typed];
  if (down === up) return `${between}, exactly half-way, and ties go ${ties[view.rounding]}: to ${kept}.`;
  const isNearer = (value === below) === down < up;
  if (!isNearer) return `${between}; ${rules} takes ${kept}.`;
  if (value === 0 && Math.abs(typed) < smallest) {
    return `${between}, nearer to zero: it underflows.`;
  }
  return `${between}, nearer to ${kept}.`;
}

const policyTitle = (policy: string): string =>
  policy === "default" ? "the default policy" : `the policy ${policy}`;

const directions: Partial<Record<string, string>> = {
  zero: "toward zero",
  up: "up",
  down: "down",
  away: "away from zero",
  odd: "to odd",
};

const ties: Partial<Record<string, string>> = {
  "nearest-even": "to the even code",
  "nearest-away": "away from zero",
  "nearest-zero": "toward zero",
  "nearest-odd": "to the odd code",
};

/** The number as it was typed, as far as that can be told. */
const readable = (x: number): string =>
  Number.isFinite(x) && String(x).length <= 12 ? exponentText(x) : short(x);
const exponentText = (x: number): string =>
  /e/.test(String(x)) ? short(x) : (Object.is(x, -0) ? "-0" : String(x)).replace("-", "−");
const short = (x: number): string => numberText(x).replace("≈ ", "");
const capital = (text: string): string => text[0].toUpperCase() + text.slice(1);
