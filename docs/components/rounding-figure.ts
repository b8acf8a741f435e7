import {usageError} from "../src/errors.js";
import {decode} from "../src/formats/decode.js";
import {formatProperties} from "../src/formats/derived.js";
import type {Format} from "../src/formats/format.js";
import {parseFormat} from "../src/formats/parse.js";
import {chartFigure} from "./chart-figure.js";
import {choiceControl} from "./choice-control.js";
import type {Column} from "./column.js";
import {elementMaker} from "./element-maker.js";
import {formatChooser} from "./format-chooser.js";
import {gapSlider} from "./gap-slider.js";
import {neighbours, nextBelow} from "./neighbours.js";
import type {PageState} from "./page-state.js";
import {resetButton} from "./reset-button.js";
import {roundingChart} from "./rounding-chart.js";
import {canRound, type RoundingChoices} from "./rounding-choices.js";
import {type RoundingRow, roundingRows} from "./rounding-rows.js";
import {textField} from "./text-field.js";
import {typedValue} from "./typed-value.js";

const columns: readonly Column<RoundingRow>[] = [
  {name: "mode", value: ({mode}) => mode},
  {name: "result", value: ({result}) => result},
  {name: "other_result", value: ({other}) => other},
  {name: "probability_of_other", value: ({probability}) => probability},
  {name: "draws_of_other", value: ({draws}) => draws?.other ?? null},
  {name: "draws", value: ({draws}) => draws?.all ?? null},
  {name: "reason", value: ({reason}) => reason},
];

export interface RoundingFigureOptions {
  readonly state: PageState<RoundingChoices>;
  readonly document?: Document;
}

/** One number between two neighbours, to be dragged, typed or stepped, under every rounding mode. */
export function roundingFigure({state, document = globalThis.document}: RoundingFigureOptions): HTMLElement {
  const make = elementMaker(document);
  const view = () => {
    const {format, value, bits} = state.get();
    return {x: Number(value), format: parseFormat(format), bits: Number(bits)};
  };
  const around = () => neighbours(view().x, view().format);
  const show = (x: number) => state.set({value: String(x + 0)});

  const chooser = formatChooser({
    id: "rounding-format",
    label: "Format",
    value: state.get().format,
    accepts: canRound,
    onChange: (format) => state.set({format}),
    document,
  });
  const number = textField({
    id: "rounding-value",
    label: "Number",
    value: state.get().value,
    onInput: (text) => show(typedNumber(text, view().format)),
    onStep: (direction) => {
      const {upper, lower, isExact} = around();
      show(direction > 0 ? upper : isExact ? nextBelow(lower, view().format) : lower);
    },
    steps: {up: "Next value of the format", down: "Previous value of the format"},
    document,
  });
  const slider = gapSlider({label: "Number between its neighbours", onChange: show, document});
  const examples = Object.entries(exampleNumbers).map(([name, exampleOf]) => {
    const button = make("button", {type: "button"}, name);
    button.addEventListener("click", () => show(exampleOf(view().x, view().format)));
    return button;
  });

  const figure = chartFigure<RoundingRow>({
    id: "modes",
    caption:
      "Figure 1. One number between two neighbours of a format, and where each rule sends it. Drag the number, type one, " +
      "or walk with the arrow keys. Where chance decides, both arrows are drawn, as strong as they are likely; the bar " +
      "below them is every draw of the random bits, filled where it leads away from zero. What is too large becomes " +
      "infinity or NaN, or the largest value where the format has neither or the rule points toward zero.",
    source: "Bitscape, “Rounding”, figure 1. Computed in this tab by the library: src/formats/cast.ts.",
    controls: [
      chooser.element,
      number.element,
      choiceControl(state, "bits", {group: "modes-bits", legend: "Random bits", document}),
      make(
        "div",
        {class: "examples", role: "group", "aria-label": "Examples"},
        make("span", {}, "Try"),
        ...examples,
      ),
      resetButton(state, {document}),
      slider.element,
    ],
    draw: (options) => roundingChart(view().x, {...view(), ...options}),
    data: () => ({
      caption: `${view().x} in ${view().format.name} under every rounding mode`,
      rows: roundingRows(view().x, view().format, view().bits),
      columns,
    }),
    document,
  });
  state.subscribe(() => {
    chooser.update(state.get().format);
    number.update(state.get().value);
    slider.update(around());
    figure.update();
  }, ["format", "value", "bits"]);
  return figure.element;
}

function typedNumber(text: string, format: Format): number {
  const typed = typedValue(text);
  const value = typed.kind === "number" ? typed.value : decode(format, Number(typed.code));
  if (!Number.isFinite(value)) throw usageError(`"${text}" is not finite: rounding is for finite numbers`);
  return value;
}

/** Numbers that show something, given the present one and the format. */
const exampleNumbers: Readonly<Record<string, (x: number, format: Format) => number>> = {
  "a tie": (x, format) => {
    const {lower, upper} = neighbours(x, format);
    return lower + (upper - lower) / 2;
  },
  "the other sign": (x) => -x,
  "a subnormal": (x, format) => (x < 0 ? -1 : 1) * 1.375 * formatProperties(format).smallest,
  "too large": (x, format) => {
    const {largest} = formatProperties(format);
    return (x < 0 ? -1 : 1) * (largest + 0.75 * (largest - nextBelow(largest, format)));
  },
};
