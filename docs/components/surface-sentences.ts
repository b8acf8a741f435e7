import {valueOn} from "./measured-runs.js";
import {type AxisName, type AxisValues, spokenValue, valueAt} from "./surface-axis.js";
import {outsideRange} from "./surface-law.js";
import {
  lowestOf,
  pointOfView,
  type SurfaceField,
  type SurfaceView,
  shownBudget,
  spendingOf,
  valueOfLaw,
  valueOfView,
} from "./surface-view.js";

/** Losses in sentences. */
export const lossText = (loss: number): string =>
  Number.isNaN(loss) ? "no value" : loss.toFixed(3).replace("-", "−");

/** What rounding costs, with two digits that count: "0.012", "0.0003". */
export function costText(rise: number): string {
  if (Number.isNaN(rise)) return "no value";
  if (Math.abs(rise) < 5e-7) return "nothing";
  const digits = Math.max(3, 1 - Math.floor(Math.log10(Math.abs(rise))));
  return rise.toFixed(Math.min(6, digits)).replace("-", "−");
}

const signedLoss = (value: number): string =>
  Number.isNaN(value) ? "no value" : `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(3)}`;

/** All that a picture of a surface says, for those who do not see it. */
export function surfaceSentence(view: SurfaceView, field: SurfaceField): string {
  const {surface, against, x, y, shown} = view;
  const what = against
    ? `${surface.name} minus ${against.name}, ${shown === "loss" ? "loss" : "rise of the loss through rounding"}`
    : `${shown === "loss" ? "Loss" : "Rise of the loss through rounding"} by ${surface.name}`;
  const text = (value: number) => (against ? signedLoss(value) : lossText(value));
  return [
    `${what}, over ${x.title.toLowerCase()} and ${y.title.toLowerCase()}, from ${text(field.extent[0])} to ${text(field.extent[1])} nats per token.`,
    pointSentence(view),
    budgetSentence(view),
    lowestSentence(view, field),
    coverSentence(field),
  ]
    .filter(Boolean)
    .join(" ");
}

/** The point, its loss and where that comes from. */
function pointSentence(view: SurfaceView): string {
  const {surface, against, shown} = view;
  const place = pointText(view);
  const value = valueOfLaw(surface, view);
  if (Number.isNaN(value))
    return `At ${place}, ${surface.name} has no value: a factor of its effective size is not positive.`;
  if (against) {
    const other = valueOfLaw(against, view);
    return `At ${place}: ${costText(value)} by ${surface.name}, ${costText(other)} by ${against.name}, a difference of ${signedLoss(valueOfView(view))}.`;
  }
  return shown === "loss"
    ? `At ${place}: a loss of ${lossText(value)}, of which rounding costs ${costText(value - valueOfUnrounded(view))}.`
    : `At ${place}, rounding costs ${costText(value)}.`;
}

const valueOfUnrounded = (view: SurfaceView): number => {
  const rise = valueOfLaw(view.surface, {...view, shown: "rise"});
  return valueOfLaw(view.surface, {...view, shown: "loss"}) - rise;
};

/** All values of the point in words, what is not rounded left out. */
function pointText(view: SurfaceView): string {
  return shownValues(view)
    .map(({axis, value}) => spokenValue(axis, value))
    .join(", ");
}

/** The variables that count at the point, with those of the axes first. */
function shownValues(view: SurfaceView) {
  const {surface, x, y, values, compute} = view;
  const together = [x.name, y.name].includes("bits");
  const held: readonly AxisName[] = together
    ? ["weightBits", "activationBits", "cacheBits", "exponentBits", "mantissaBits"]
    : ["bits"];
  const tokens = compute === null ? values.tokens : pointOfView(view).tokens;
  const all: AxisValues = {...values, ...(tokens !== undefined && {tokens})};
  const rest = surface.axes.filter(
    (axis) => axis.name !== x.name && axis.name !== y.name && !held.includes(axis.name),
  );
  return [x, y, ...rest].flatMap((axis) => {
    const value = all[axis.name];
    return value === undefined ||
      value === Number.POSITIVE_INFINITY ||
      (axis.name === "blockSize" && value === 1)
      ? []
      : [{axis, value}];
  });
}

/** What the budget's line allows at best. */
function budgetSentence(view: SurfaceView): string {
  const spending = spendingOf(view);
  if (!spending || view.against) return "";
  const {budget, amount, optimum} = spending;
  const money = `${budget.text(amount)} ${budget.of}`;
  if (!optimum) return `Nothing on the picture costs ${money}.`;
  const gain = valueOfLaw(view.surface, {...view, shown: "loss"}) - optimum.loss;
  const place = placeWords(view, optimum);
  const edge = optimum.isAtEdge ? ", where the picture or the law ends" : "";
  const against = gain > 5e-4 && isOnLine(view, amount) ? `, ${lossText(gain)} below the point` : "";
  return `For ${money}, the lowest loss is ${lossText(optimum.loss)}${against}, at ${place}${edge}.`;
}

/** Whether the point spends the budget, so that it can be compared with the best that does. */
function isOnLine(view: SurfaceView, amount: number): boolean {
  const own = shownBudget({...view, amount: null})!.amount;
  return Math.abs(own / amount - 1) < 0.02;
}

function placeWords({x, y}: SurfaceView, {u, v}: {u: number; v: number}): string {
  return `${spokenValue(x, valueAt(x, u))} and ${spokenValue(y, valueAt(y, v))}`;
}

/** Where the whole plane is lowest, when compute decides the tokens. */
function lowestSentence(view: SurfaceView, field: SurfaceField): string {
  const lowest = lowestOf(view, field);
  if (!lowest) return "";
  const edge = lowest.isAtEdge ? ", at the end of the picture" : "";
  const tokens = pointOfView(view, {
    changes: {[view.x.name]: valueAt(view.x, lowest.u), [view.y.name]: valueAt(view.y, lowest.v)},
  }).tokens!;
  return `With this compute, the lowest loss of all is ${lossText(lowest.loss)}, at ${placeWords(view, lowest)}, trained on ${spokenValue({...view.x, name: "tokens", scale: "log"}, tokens)}${edge}.`;
}

/** That the law is asked beyond what it was fitted on; empty inside. */
function rangeSentence(view: SurfaceView): string {
  const values = {...view.values, ...(view.compute !== null && {tokens: pointOfView(view).tokens})};
  const together = [view.x.name, view.y.name].includes("bits");
  const outside = outsideRange(
    view.surface,
    together
      ? {
          ...values,
          weightBits: undefined,
          activationBits: undefined,
          cacheBits: undefined,
          exponentBits: undefined,
          mantissaBits: undefined,
        }
      : {...values, bits: undefined},
  );
  if (outside.length === 0) return "";
  const names = outside.map(({title}) => title.toLowerCase());
  return `Outside of what ${view.surface.name} was fitted on: ${names.join(", ")}. What it says there is an extrapolation.`;
}

function coverSentence({covered}: SurfaceField): string {
  if (covered > 0.9995) return "";
  const share = Math.round(100 * (1 - covered));
  return `On ${share < 1 ? "less than 1" : share} % of the picture, hatched, the law has no value: a factor of its effective size is not positive there.`;
}

/** What stands below a surface: the point, what its budget allows at best, the runs, and a warning beyond the fit's range. */
export const surfaceReadout = (view: SurfaceView, field: SurfaceField): string[] =>
  [
    ...[pointSentence(view), budgetSentence(view), lowestSentence(view, field), runsSentence(view, field)],
    rangeSentence(view),
  ].filter(Boolean);

/** How far law and runs agree, over the runs that are shown. */
function runsSentence(view: SurfaceView, {points}: SurfaceField): string {
  const {surface, x, y, hidden, against} = view;
  if (!surface.runsOf || hidden.includes("runs") || against) return "";
  if (points.length === 0) return "No measured run lies near these values.";
  const agreeing = points.filter((point) => {
    const place = {[x.name]: valueOn(point.values, x.name)!, [y.name]: valueOn(point.values, y.name)!};
    return !(Math.abs(point.value - valueOfLaw(surface, view, place)) > point.error);
  }).length;
  const errors = points.map(({error}) => error).sort((a, b) => a - b);
  const middle = errors[errors.length >> 1];
  const noise = Number.isNaN(middle) ? "" : `, which is ±${lossText(middle)} for most (two standard errors)`;
  return `Of ${points.length} measured settings on this plane, the fit passes ${agreeing} within the noise of their seeds${noise}.`;
}
