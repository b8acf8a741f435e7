import {elementMaker} from "./element-maker.js";
import type {MeasuredRun} from "./measured-runs.js";
import {pageState} from "./page-state.js";
import {type SurfaceControl, surfaceFigure} from "./surface-figure.js";
import {publishedSurfaces} from "./surface-laws.js";
import {type SurfaceState, type SurfaceTexts, surfaceChoices, surfaceState} from "./surface-state.js";

export interface BitAllocationOptions {
  readonly document?: Document;
}

/** The parts of the page. */
export interface BitAllocation {
  readonly memory: HTMLElement;
  readonly compute: HTMLElement;
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
    title: "figure 3",
    caption:
      "Figure 3. The loss over exponent and mantissa bits. Along the line, the number of bits is the same: one is the sign’s.",
  },
  compute: {
    initial: {law: "kumar", x: "parameters", y: "bits", compute: "1e21", parameters: "2.2e8", bits: "16"},
    front: ["law", "compute"],
    title: "figure 4",
    caption:
      "Figure 4. The loss when the compute for training is given: (6/16)·N·D·P operations. The tokens D are what parameters N and bits P leave of " +
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
    title: "figure 5",
    caption:
      "Figure 5. What rounding costs by one law minus what it costs by the other. Blue: less by the first.",
  },
} as const satisfies Record<
  string,
  {initial: Partial<SurfaceTexts>; front: readonly SurfaceControl[]; title: string; caption: string}
>;

/** The page on loss surfaces. */
export function bitAllocation(
  runs: readonly MeasuredRun[],
  {document = globalThis.document}: BitAllocationOptions = {},
): BitAllocation {
  const laws = publishedSurfaces();
  const choices = Object.assign(
    {},
    ...Object.entries(figures).map(([id, {initial}]) => surfaceChoices(id, initial, laws)),
  );
  const state = pageState(choices, document.defaultView!);
  const make = elementMaker(document);
  const figure = (id: keyof typeof figures): HTMLElement => {
    const surface: SurfaceState = surfaceState(state, {id, laws, runs});
    return make("div", {}, surfaceFigure(surface, {...figures[id], document}));
  };
  return {
    memory: figure("memory"),
    layout: figure("layout"),
    compute: figure("compute"),
    difference: figure("difference"),
  };
}
