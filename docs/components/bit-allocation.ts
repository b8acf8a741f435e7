import {memoryTakeaway, operandsClaim} from "./allocation-claims.js";
import {elementMaker} from "./element-maker.js";
import {layoutFigure} from "./layout-figure.js";
import type {MeasuredRun} from "./measured-runs.js";
import {type OurSurfaceFit, ourSurfaces} from "./our-surfaces.js";
import {pageState} from "./page-state.js";
import {type SurfaceControl, surfaceFigure} from "./surface-figure.js";
import {publishedSurfaces} from "./surface-laws.js";
import {type SurfaceState, type SurfaceTexts, surfaceChoices, surfaceState} from "./surface-state.js";

interface BitAllocationOptions {
  readonly document?: Document;
}

/** The parts of the page. */
interface BitAllocation {
  readonly takeaway: HTMLElement;
  readonly operands: HTMLElement;
  readonly memory: HTMLElement;
  readonly allocation: HTMLElement;
  readonly compute: HTMLElement;
  readonly layouts: HTMLElement;
  readonly layout: HTMLElement;
  readonly difference: HTMLElement;
}

/** What each figure shows first, and which controls it has in front. */
const figures = {
  memory: {
    initial: {law: "kumar", x: "parameters", y: "bits", parameters: "6e7", bits: "16", budget: "memory"},
    front: ["budget", "tokens"],
    title: "figure 1",
    caption:
      "Figure 1. The loss over parameters (across) and bits (up), darker where it is higher. The bold line joins all models whose weights take as " +
      "much memory; the diamond is the best of them. Drag the circle, the line, or either slice.",
  },
  allocation: {
    initial: {
      ...{law: "ours-integers", x: "weightBits", y: "activationBits"},
      ...{weightBits: "4", activationBits: "6", budget: "bits"},
    },
    front: ["law", "shown", "budget"],
    title: "figure 2",
    caption:
      "Figure 2. The loss over bits of weights (across) and activations (up), for models that we trained at each marked place. A circle has the " +
      "colour of its measured loss: where it can hardly be seen, the fit is right; a thick rim means off by more than the noise of the seeds.",
  },
  layout: {
    initial: {
      law: "sun",
      x: "exponentBits",
      y: "mantissaBits",
      budget: "bits",
      exponentBits: "4",
      mantissaBits: "3",
    },
    front: ["tokens", "parameters", "blockSize"],
    title: "figure 4",
    caption:
      "Figure 4. The loss over exponent and mantissa bits. Along the line the bits of both are the same in sum; the sign takes one more.",
  },
  compute: {
    initial: {law: "kumar", x: "parameters", y: "bits", compute: "1e21", parameters: "2.2e8", bits: "16"},
    front: ["law", "compute"],
    title: "figure 5",
    caption:
      "Figure 5. The loss when the compute for training is given: (6/16)·N·D·P operations. The tokens D are what parameters N and bits P leave of " +
      "it. The diamond is the best of all.",
  },
  difference: {
    initial: {
      law: "kumar",
      against: "sun",
      x: "tokens",
      y: "bits",
      shown: "rise",
      parameters: "2.2e8",
      bits: "6",
    },
    front: ["axes", "parameters"],
    title: "figure 6",
    caption:
      "Figure 6. What rounding costs by one law minus what it costs by the other. Blue: less by the first.",
  },
} as const satisfies Record<
  string,
  {initial: Partial<SurfaceTexts>; front: readonly SurfaceControl[]; title: string; caption: string}
>;

type FigureName = keyof typeof figures;

/** The page on loss surfaces. */
export function bitAllocation(
  {fits, runs}: {fits: readonly OurSurfaceFit[]; runs: readonly MeasuredRun[]},
  {document = globalThis.document}: BitAllocationOptions = {},
): BitAllocation {
  const laws = [...publishedSurfaces(), ...ourSurfaces(fits, runs)];
  const choices = Object.assign(
    {},
    ...Object.entries(figures).map(([id, {initial}]) => surfaceChoices(id, initial, laws)),
  );
  const state = pageState(choices, document.defaultView!);
  const make = elementMaker(document);
  const surfaceOf = (id: FigureName): SurfaceState => surfaceState(state, {id, laws, runs});
  const figure = (id: FigureName, surface = surfaceOf(id)): HTMLElement =>
    make("div", {}, surfaceFigure(surface, {...figures[id], document}));
  const layout = surfaceOf("layout");
  const ours = laws.find(({key}) => key === "ours-integers");
  const claim = (text: string, name?: string) => make("p", {class: name}, text);
  return {
    takeaway: claim(memoryTakeaway(laws[0]), "takeaway wide"),
    operands: claim(ours ? operandsClaim(ours) : ""),
    memory: figure("memory"),
    allocation: figure("allocation"),
    layouts: layoutFigure(layout, {document}),
    layout: figure("layout", layout),
    compute: figure("compute"),
    difference: figure("difference"),
  };
}
