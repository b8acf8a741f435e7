import {elementMaker} from "./element-maker.js";

export interface StepSlider {
  readonly element: HTMLElement;
  /** Offers these steps; `at` is the one shown, or null for the last one, whichever it is. */
  readonly update: (steps: readonly number[], at: number | null) => void;
}

/** Milliseconds that a step is shown while playing, at most; all of them together take `playTime`. */
const longestFrame = 300;
const playTime = 6000;

/** A slider through the steps of a run, which at its right end goes along with the latest; it can play by itself. */
export function stepSlider(
  onChange: (at: number | null) => void,
  {document = globalThis.document}: {document?: Document} = {},
): StepSlider {
  const make = elementMaker(document);
  const input = make("input", {type: "range", min: 0, max: 0, step: 1, "aria-label": "Step shown"});
  const value = make("output");
  const play = make("button", {type: "button"}, "Play");
  let offered: readonly number[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;

  const show = (index: number) => onChange(index >= offered.length - 1 ? null : offered[index]);
  const stop = () => {
    clearTimeout(timer);
    timer = undefined;
    play.textContent = "Play";
  };
  const next = (index: number) => {
    show(index);
    if (index >= offered.length - 1) return stop();
    timer = setTimeout(() => next(index + 1), Math.min(longestFrame, playTime / offered.length));
  };
  play.addEventListener("click", () => {
    if (timer !== undefined) return stop();
    play.textContent = "Halt";
    const isAtEnd = input.valueAsNumber >= offered.length - 1;
    next(isAtEnd ? 0 : input.valueAsNumber);
  });
  input.addEventListener("input", () => {
    stop();
    show(input.valueAsNumber);
  });
  return {
    element: make(
      "div",
      {class: "step-slider"},
      make("label", {class: "slider-control"}, make("span", {}, "Step", " ", value), input),
      play,
    ),
    update(steps, at) {
      offered = steps;
      const index = Math.max(0, steps.filter((step) => at === null || step <= at).length - 1);
      const isLatest = index >= steps.length - 1;
      const text = steps.length === 0 ? "none" : `${steps[index]}${isLatest ? " (latest)" : ""}`;
      input.max = String(Math.max(0, steps.length - 1));
      input.value = String(index);
      input.disabled = steps.length < 2;
      play.disabled = steps.length < 2;
      value.textContent = text;
      input.setAttribute("aria-valuetext", text);
    },
  };
}
