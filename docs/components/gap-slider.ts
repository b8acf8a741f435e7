import {elementMaker} from "./element-maker.js";
import type {Neighbours} from "./neighbours.js";
import {roundedText} from "./number-text.js";

export interface GapSliderOptions {
  readonly label: string;
  readonly onChange: (x: number) => void;
  readonly document?: Document;
}

export interface GapSlider {
  readonly element: HTMLElement;
  readonly update: (around: Neighbours) => void;
}

/** Steps from one neighbour to the next: a power of two, so that ties are among them. */
const steps = 64;

/**
 * A slider from one value of a format to the next. Dragging stays between the two; the arrow keys walk on into the next
 * gap, and page up and down go to the neighbours themselves.
 */
export function gapSlider({label, onChange, document = globalThis.document}: GapSliderOptions): GapSlider {
  const make = elementMaker(document);
  const input = make("input", {type: "range", min: 0, max: steps, step: 1, "aria-label": label});
  const element = make("div", {class: "gap-slider"}, input);
  let around: Neighbours;

  // At the last step stands the next value, from which the next gap begins.
  input.addEventListener("input", () => onChange(at(around, Math.min(input.valueAsNumber, steps - 1))));
  input.addEventListener("keydown", (event) => {
    const x = afterKey(event.key, around);
    if (x === undefined) return;
    event.preventDefault();
    onChange(x);
  });
  return {
    element,
    update(next) {
      around = next;
      input.value = String(Math.round(next.share * steps));
      input.setAttribute("aria-valuetext", roundedText(next.x, 10));
    },
  };
}

const at = ({lower, upper}: Neighbours, step: number): number => lower + (step / steps) * (upper - lower);

function afterKey(key: string, around: Neighbours): number | undefined {
  const {share, lower, upper} = around;
  if (key === "ArrowRight" || key === "ArrowUp") return at(around, Math.floor(share * steps) + 1);
  if (key === "ArrowLeft" || key === "ArrowDown") return at(around, Math.ceil(share * steps) - 1);
  if (key === "PageUp") return upper;
  if (key === "PageDown") return share > 0 ? lower : lower - (upper - lower);
  return undefined;
}
