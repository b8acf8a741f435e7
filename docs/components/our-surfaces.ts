import {lawOf} from "../src/laws/index.js";
import {constantsOf, type Law} from "../src/laws/law.js";
import type {VariableName} from "../src/laws/variables.js";
import {axisNamed, togetherAxis} from "./axis-named.js";
import type {MeasuredRun} from "./measured-runs.js";
import type {AxisName, AxisValues} from "./surface-axis.js";
import type {SurfaceLaw} from "./surface-law.js";

/** What a surface needs of a fit of loaders/our-laws.ts. */
export interface OurSurfaceFit {
  readonly data: string;
  readonly corpus: string;
  readonly law: string;
  readonly of: "loss" | "rise";
  readonly domain: Readonly<Partial<Record<VariableName, readonly [number, number]>>>;
  /** Of a fit at one size, that size. */
  readonly held?: {readonly parameters: number; readonly tokens: number};
  readonly result: {
    readonly constants: readonly {readonly name: string; readonly value: number}[];
    readonly rootMeanSquare: number;
  };
}

/** Fits that are shown as surfaces, by their data and law, in the order of menus. */
const shown: Readonly<Record<string, {key: string; title: string; name: string}>> = {
  "integers growing-cost": {
    key: "ours-integers",
    title: "Our runs, integers: a cost that grows with text",
    name: "our fit",
  },
  "integers precision": {
    key: "ours-kumar",
    title: "Our runs, integers: the form of Kumar and others",
    name: "our fit of Kumar’s form",
  },
  "gradients precision-with-gradients": {
    key: "ours-gradients",
    title: "Our runs, integers with gradients: Kumar’s form and one factor more",
    name: "our fit with gradients",
  },
  "floating-point floating-point-free": {
    key: "ours-float",
    title: "Our runs, floating-point: Sun’s form with free exponents",
    name: "our fit",
  },
  "floating-point floating-point": {
    key: "ours-sun",
    title: "Our runs, floating-point: the form of Sun and others",
    name: "our fit of Sun’s form",
  },
};

/** The fits of our own runs of one text, of which some have surfaces. */
export function ourSurfaces(
  fits: readonly OurSurfaceFit[],
  runs: readonly MeasuredRun[],
  {corpus = "lexicon"}: {corpus?: string} = {},
): SurfaceLaw[] {
  const found = fits.filter((fit) => fit.corpus === corpus && fit.of === "loss");
  return Object.entries(shown).flatMap(([of, names]) => {
    const fit = found.find(({data, law}) => `${data} ${law}` === of);
    return fit ? [ourSurface(fit, names, runs)] : [];
  });
}

function ourSurface(
  fit: OurSurfaceFit,
  names: Pick<SurfaceLaw, "key" | "title" | "name">,
  runs: readonly MeasuredRun[],
): SurfaceLaw {
  const law = lawOf(fit.law);
  const {held, domain} = fit;
  const isOfSize = (run: MeasuredRun) =>
    !held || (run.parameters === held.parameters && run.tokens === held.tokens);
  const runsOf = (run: MeasuredRun) => run.corpus === fit.corpus && isOfSize(run) && belongs(law, run);
  const shownVariables = law.variables.filter((name) => !held || domain[name]);
  const hasTogether = shownVariables.includes("cacheBits");
  return {
    ...names,
    law,
    constants: constantsOf(
      law,
      Object.fromEntries(fit.result.constants.map(({name, value}) => [name, value])),
    ),
    scale: "ours",
    axes: [
      ...shownVariables.map((name) => axisNamed(name, rangeOf(name, domain[name]))),
      ...(hasTogether ? [togetherAxis([1.5, 9])] : []),
    ],
    domain: {...domain, ...(hasTogether && {bits: domain.activationBits})},
    ...(held && {held}),
    start: startOf(law, runs.filter(runsOf)),
    ...(hasTogether && {
      together: (bits: number) => ({weightBits: bits, activationBits: bits, cacheBits: bits}),
    }),
    runsOf,
    note: `Fitted to our own runs, of thousands of parameters: its logarithms of losses err by ${(100 * fit.result.rootMeanSquare).toFixed(1)} %, as root mean square.`,
  };
}

/** Whether what a run rounds is what the law has variables for. */
function belongs({variables}: Law, run: MeasuredRun): boolean {
  if (run.operands === "") return true;
  if (variables.includes("mantissaBits")) return run.operands === "P2 P4 P6";
  const isRounded = (bits: number) => bits !== Number.POSITIVE_INFINITY;
  const isInteger = run.exponentBits === 0 || run.operands === "KV";
  return isInteger && (variables.includes("gradientBits") || !isRounded(run.gradientBits));
}

/** Counts half as far again as what was fitted, bits as far as runs go. */
function rangeOf(
  name: VariableName,
  domain: readonly [number, number] | undefined,
): readonly [number, number] {
  if (name === "parameters" || name === "tokens") {
    const [from, to] = domain!;
    return [Number((from / 1.5).toPrecision(1)), Number((to * 1.5).toPrecision(1))];
  }
  if (name === "exponentBits") return [-0.3, 7];
  if (name === "mantissaBits") return [-0.3, 8];
  if (name === "blockSize") return [1, 2 ** 14];
  return [1.5, 9];
}

/** The size at which most has been measured, in 4 bits or in the smallest format with two exponent bits. */
function startOf({variables}: Law, runs: readonly MeasuredRun[]): AxisValues {
  const counts = new Map<string, {run: MeasuredRun; settings: Set<string>}>();
  for (const run of runs) {
    const key = `${run.parameters} ${run.tokens}`;
    const entry = counts.get(key) ?? {run, settings: new Set<string>()};
    entry.settings.add(bitNames.map((name) => run[name]).join(" "));
    counts.set(key, entry);
  }
  const [most] = [...counts.values()].sort((a, b) => b.settings.size - a.settings.size);
  const size = most ? {parameters: most.run.parameters, tokens: most.run.tokens} : {};
  if (!variables.includes("mantissaBits")) return {...size, bits: 4};
  const blocks = runs.filter(
    ({parameters, tokens, operands}) =>
      parameters === size.parameters && tokens === size.tokens && operands !== "",
  );
  return {
    ...size,
    exponentBits: 2,
    mantissaBits: 1,
    blockSize: usual(blocks.map(({blockSize}) => blockSize)),
  };
}

const bitNames = [
  "weightBits",
  "activationBits",
  "cacheBits",
  "gradientBits",
  "exponentBits",
  "mantissaBits",
] as const satisfies readonly AxisName[];

/** The value that occurs most often. */
function usual(values: readonly number[]): number {
  const count = (value: number) => values.filter((other) => other === value).length;
  return [...new Set(values)].sort((a, b) => count(b) - count(a))[0] ?? 32;
}
