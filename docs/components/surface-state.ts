import {variables} from "../src/laws/variables.js";
import type {MeasuredRun} from "./measured-runs.js";
import type {Choice, PageState} from "./page-state.js";
import {type Axis, type AxisName, type AxisValues, roundedValue} from "./surface-axis.js";
import {type BudgetName, budgetNames} from "./surface-budget.js";
import {axisOf, type SurfaceLaw} from "./surface-law.js";
import {type SurfaceLayer, type SurfaceView, surfaceLayers} from "./surface-view.js";
import {isListOf, listValues} from "./toggle-control.js";

export const axisNames: readonly AxisName[] = [
  ...(["parameters", "tokens", "bits", "weightBits", "activationBits", "cacheBits", "gradientBits"] as const),
  ...(["exponentBits", "mantissaBits", "blockSize"] as const),
];

const others = ["law", "against", "x", "y", "shown", "budget", "amount", "compute", "hidden"] as const;

/** The state of one surface as texts; an empty value is the law's own. */
export type SurfaceTexts = Readonly<Record<(typeof others)[number] | AxisName, string>>;

/** Kumar's law over parameters and bits, without a budget. */
export const blankTexts: SurfaceTexts = {
  law: "kumar",
  against: "",
  x: "parameters",
  y: "bits",
  shown: "loss",
  budget: "",
  amount: "",
  compute: "",
  hidden: "none",
  ...(Object.fromEntries(axisNames.map((name) => [name, ""])) as Record<AxisName, string>),
};

const isAmount = (text: string): boolean => text === "" || (text.trim() !== "" && Number(text) >= 0);

/** What can be chosen of a surface; the names in the address begin with the figure's. */
export function surfaceChoices(
  id: string,
  initial: Partial<SurfaceTexts>,
  laws: readonly SurfaceLaw[],
): Record<string, Choice> {
  const start = {...blankTexts, ...initial};
  const keys = laws.map(({key}) => key);
  const lists: Record<(typeof others)[number], Omit<Choice, "initial">> = {
    law: {values: keys},
    against: {values: ["", ...keys]},
    x: {values: axisNames},
    y: {values: axisNames},
    shown: {values: ["loss", "rise"]},
    budget: {values: ["", ...budgetNames]},
    amount: {values: [], accepts: isAmount},
    compute: {values: [], accepts: isAmount},
    hidden: {values: [], accepts: (text) => isListOf(surfaceLayers, text)},
  };
  const choice = (name: keyof SurfaceTexts): Choice => ({
    ...(name in lists ? lists[name as keyof typeof lists] : {values: [], accepts: isAmount}),
    initial: start[name],
  });
  return Object.fromEntries(
    (Object.keys(blankTexts) as (keyof SurfaceTexts)[]).map((name) => [`${id}.${name}`, choice(name)]),
  );
}

/** One surface of a page: its view, and how it is changed. */
export interface SurfaceState {
  readonly view: () => SurfaceView;
  readonly laws: readonly SurfaceLaw[];
  readonly set: (changes: Partial<SurfaceTexts>) => void;
  readonly setValues: (values: AxisValues) => void;
  readonly subscribe: (listener: () => void) => void;
  readonly reset: () => void;
  /** What is asked for, without what is left to the law. */
  readonly texts: () => SurfaceTexts;
  readonly id: string;
}

interface SurfaceStateOptions {
  readonly id: string;
  readonly laws: readonly SurfaceLaw[];
  readonly runs: readonly MeasuredRun[];
}

/** The part of a page's state that one surface is drawn from. */
export function surfaceState(
  state: PageState<Record<string, Choice>>,
  {id, laws, runs}: SurfaceStateOptions,
): SurfaceState {
  const names = Object.keys(blankTexts) as (keyof SurfaceTexts)[];
  const key = (name: string) => `${id}.${name}`;
  const texts = () => {
    const all = state.get();
    return Object.fromEntries(names.map((name) => [name, all[key(name)]])) as SurfaceTexts;
  };
  const write = (changes: Partial<SurfaceTexts>) =>
    state.set(Object.fromEntries(Object.entries(changes).map(([name, value]) => [key(name), value])));
  let known: {state: object; view: SurfaceView} | undefined;
  const view = () => {
    const now = state.get();
    if (known?.state !== now) known = {state: now, view: surfaceView(texts(), {laws, runs})};
    return known.view;
  };
  return {
    ...{id, laws, view, texts},
    set(changes) {
      // Values of one law mean nothing at the scale of another.
      const isNew = changes.law !== undefined && changes.law !== texts().law;
      write(isNew ? {...changes, against: "", amount: "", ...noValues} : changes);
    },
    setValues: (values) =>
      write(Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]))),
    subscribe: (listener) => {
      state.subscribe(listener, names.map(key));
    },
    reset: () => write(Object.fromEntries(names.map((name) => [name, state.choices[key(name)].initial]))),
  };
}

const noValues = Object.fromEntries(axisNames.map((name) => [name, ""])) as Record<AxisName, string>;

/** The view that texts ask for, as far as the law has it. */
export function surfaceView(
  texts: SurfaceTexts,
  {laws, runs}: {laws: readonly SurfaceLaw[]; runs: readonly MeasuredRun[]},
): SurfaceView {
  const surface = laws.find(({key}) => key === texts.law) ?? laws[0];
  const x = axisOf(surface, texts.x as AxisName) ?? firstAxes(surface)[0];
  const wanted = axisOf(surface, texts.y as AxisName);
  const y = wanted && canMeet(x, wanted) ? wanted : firstAxes(surface).find((axis) => canMeet(x, axis))!;
  const against = laws.find(({key}) => key === texts.against && canCompare(surface, key, laws)) ?? null;
  const hasTokens = x.name === "tokens" || y.name === "tokens";
  return {
    ...{surface, x, y},
    against: against && [x, y].every(({name}) => axisOf(against, name)) ? against : null,
    values: valuesOf(texts, surface, {x, y}),
    shown: texts.shown as "loss" | "rise",
    budget: (texts.budget || null) as BudgetName | null,
    amount: texts.amount === "" ? null : Number(texts.amount),
    compute: texts.compute === "" || hasTokens || surface.scale === "ours" ? null : Number(texts.compute),
    hidden: listValues(texts.hidden) as SurfaceLayer[],
    runs: surface.runsOf ? runs.filter(surface.runsOf) : [],
  };
}

/** Laws that may be taken off one: others at its scale. */
export const canCompare = (surface: SurfaceLaw, key: string, laws: readonly SurfaceLaw[]): boolean =>
  key !== surface.key && laws.some((law) => law.key === key && law.scale === surface.scale);

const operandBits: readonly AxisName[] = [
  ...(["weightBits", "activationBits", "cacheBits", "exponentBits", "mantissaBits"] as const),
];

/** Whether two axes make a plane: not one that holds together what the other changes. */
export const canMeet = (a: Axis, b: Axis): boolean =>
  a.name !== b.name &&
  !(a.name === "bits" && operandBits.includes(b.name)) &&
  !(b.name === "bits" && operandBits.includes(a.name));

/** The axes that a law is shown over when those asked for do not exist. */
function firstAxes({axes}: SurfaceLaw): readonly Axis[] {
  const order: readonly AxisName[] = ["exponentBits", "mantissaBits", "weightBits", "activationBits"];
  return [...order, ...axisNames].flatMap((name) => axes.find((axis) => axis.name === name) ?? []);
}

function valuesOf(texts: SurfaceTexts, surface: SurfaceLaw, {x, y}: {x: Axis; y: Axis}): AxisValues {
  const valueFor = (axis: Axis) => {
    const {name, range} = axis;
    const without = name === "bits" ? Number.POSITIVE_INFINITY : variables[name].without;
    const own = surface.start[name] ?? without ?? Math.sqrt(range[0] * range[1]);
    const value = texts[name] === "" ? own : Number(texts[name]);
    const isFree = value === without && axis !== x && axis !== y;
    return isFree ? value : roundedValue(axis, value);
  };
  return {...surface.held, ...Object.fromEntries(surface.axes.map((axis) => [axis.name, valueFor(axis)]))};
}
