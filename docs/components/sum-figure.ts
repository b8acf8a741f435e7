import type {AccumulatorChoices} from "./accumulator-choices.js";
import {choiceControl} from "./choice-control.js";
import type {Column} from "./column.js";
import {copyButton} from "./copy-button.js";
import {dataTable} from "./data-table.js";
import {elementMaker} from "./element-maker.js";
import {errorText} from "./error-text.js";
import {exactDecimal} from "./exact-decimal.js";
import {linkTo} from "./link-to.js";
import {numberText} from "./number-text.js";
import type {PageState} from "./page-state.js";
import {racerTitle} from "./racer-styles.js";
import {resetButton} from "./reset-button.js";
import {sumColumns, sumRows} from "./sum-columns.js";
import {drawnSum, parseSum, sumExamples, sumText} from "./sum-example.js";
import {sumGrid} from "./sum-grid.js";
import {sumInputs} from "./sum-inputs.js";
import {phaseTitles, type SumStep, sumSteps} from "./sum-steps.js";
import {type SumTrace, sumTrace} from "./sum-trace.js";
import {type SumUnit, sumUnits} from "./sum-units.js";
import {typeset} from "./typeset.js";

/** A small sum in a matrix unit, one step at a time, with every bit. */
export function sumFigure({
  state,
  document = globalThis.document,
}: {
  state: PageState<AccumulatorChoices>;
  document?: Document;
}): HTMLElement {
  const id = "sum";
  const make = elementMaker(document);
  const title = make("p", {class: "sum-title"});
  const sentence = make("p", {class: "sum-sentence", "aria-live": "polite"});
  const room = make("div", {class: "sum-room"});
  const outcome = make("p", {class: "sum-outcome"});
  const slider = make("input", {type: "range", min: 1, step: 1, "aria-label": "Step"});
  const button = (label: string, move: number) => {
    const element = make("button", {type: "button"}, label);
    element.addEventListener("click", () => goTo(shown.position + move));
    return element;
  };
  const back = button("← Back", -1);
  const next = button("Next →", 1);
  let shown: Shown;

  const goTo = (position: number) =>
    state.set({step: String(Math.max(1, Math.min(shown.steps.length, position)))});
  slider.addEventListener("input", () => goTo(slider.valueAsNumber));

  const draw = () => {
    const before = shown;
    shown = shownSum(state.get());
    const {steps, position, trace, unit} = shown;
    const step = steps[position - 1];
    const isSameGrid =
      before && before.key === shown.key && before.steps[before.position - 1].group === step.group;
    if (!isSameGrid) room.replaceChildren(sumGrid(trace.groups[step.group], unit.arithmetic, {document}));
    (room.firstElementChild as HTMLElement).dataset.phase = step.phase;
    title.replaceChildren(...titleParts(shown, make));
    sentence.replaceChildren(typeset(step.sentence, {document}));
    slider.max = String(steps.length);
    slider.value = String(position);
    slider.setAttribute("aria-valuetext", `${position} of ${steps.length}: ${stepTitle(shown)}`);
    back.disabled = position === 1;
    next.disabled = position === steps.length;
    outcome.replaceChildren(typeset(outcomeText(shown), {document}));
    comparison.replaceChildren(comparisonTable(state.get().sum, {document}));
    fillTable();
  };

  const tableRoom = make("div", {
    class: "chart-table",
    tabindex: 0,
    role: "region",
    "aria-label": "Data of the small sum",
  });
  const comparison = make("div", {
    class: "table-room sum-comparison",
    tabindex: 0,
    role: "region",
    "aria-label": "The small sum in every unit",
  });
  const details = make("details", {}, make("summary", {}, "Show data"), tableRoom);
  const fillTable = () => {
    if (!details.open) return;
    const caption = `Every term of the small sum, as ${racerTitle(shown.unit.racer)} adds it up`;
    tableRoom.replaceChildren(dataTable(sumRows(shown.trace.groups), sumColumns, {caption, document}));
  };
  details.addEventListener("toggle", fillTable);

  const inputs = sumInputs({onChange: (text) => state.set({sum: text}), document});
  let draws = 0;
  const drawNumbers = make("button", {type: "button"}, "Other numbers");
  drawNumbers.addEventListener("click", () =>
    state.set({sum: sumText(drawnSum(parseSum(state.get().sum)!.addend, ++draws))}),
  );

  const element = make(
    "div",
    {class: "chart-figure sum-figure", role: "group", "aria-label": "A small sum, step by step"},
    make(
      "div",
      {class: "chart-controls"},
      choiceControl(state, "unit", {group: `${id}-unit`, legend: "Unit", labelOf: racerTitle, document}),
      choiceControl(state, "sum", {group: `${id}-sum`, legend: "Sum", labelOf: exampleName, document}),
      drawNumbers,
      resetButton(state, {document}),
    ),
    make("div", {class: "sum-head"}, title, make("div", {class: "sum-steps"}, back, slider, next)),
    sentence,
    room,
    outcome,
    make(
      "p",
      {class: "sum-caption"},
      "Figure 2. The bits of every term; a filled cell is a 1. Shaded: what the unit keeps. Right of the line: what it cuts.",
    ),
    make("details", {class: "sum-change"}, make("summary", {}, "Change the numbers"), inputs.element),
    make("details", {}, make("summary", {}, "The same sum in every unit"), comparison),
    make(
      "div",
      {class: "chart-actions"},
      copyButton("Copy link", () => linkTo(document, id), {document}),
    ),
    details,
    make(
      "p",
      {class: "chart-source"},
      "Bitscape, “Accumulators”, figure 2. Computed in this page by the model of the unit.",
    ),
  );
  state.subscribe(draw, ["unit", "sum", "step"]);
  state.subscribe(({sum}) => inputs.update(parseSum(sum)!), ["sum"]);
  return element;
}

/** What the state asks for. */
interface Shown {
  readonly key: string;
  readonly unit: SumUnit;
  readonly trace: SumTrace;
  readonly steps: readonly SumStep[];
  /** From 1. */
  readonly position: number;
}

function shownSum({unit: racer, sum, step}: {unit: string; sum: string; step: string}): Shown {
  const unit = sumUnits.find((unit) => unit.racer === racer)!;
  const trace = sumTrace(parseSum(sum)!, unit.arithmetic);
  const steps = sumSteps(trace, unit.arithmetic);
  return {key: `${racer} ${sum}`, unit, trace, steps, position: Math.min(Number(step), steps.length)};
}

const groupTitle = ({steps, position, trace}: Shown): string =>
  `Group ${steps[position - 1].group + 1} of ${trace.groups.length}`;

const stepTitle = (shown: Shown): string =>
  `${groupTitle(shown)}, ${phaseTitles[shown.steps[shown.position - 1].phase]}`;

/** The group and what happens to it, the present phase in bold. */
function titleParts(shown: Shown, make: ReturnType<typeof elementMaker>): (Node | string)[] {
  const {group, phase} = shown.steps[shown.position - 1];
  const titles = shown.steps
    .filter((step) => step.group === group)
    .flatMap((step, i) => {
      const title = phaseTitles[step.phase];
      return [i === 0 ? "" : " → ", step.phase === phase ? make("strong", {}, title) : title];
    });
  return [make("span", {}, `${groupTitle(shown)}: `), ...titles];
}

function outcomeText({unit, trace: {result, exact}}: Shown): string {
  const error = result - exact;
  const name = racerTitle(unit.racer);
  if (error === 0) return `In the end ${name} returns ${numberText(result)}, which is exact.`;
  const share = exact === 0 ? "" : ` (${errorText(error / Math.abs(exact))})`;
  return `In the end ${name} returns ${numberText(result)}. Exact would be ${exactDecimal(exact)}: the error is ${numberText(error)}${share}.`;
}

/** What each unit makes of a sum in the end. */
function comparisonTable(text: string, {document}: {document: Document}): HTMLTableElement {
  const sum = parseSum(text)!;
  const rows = sumUnits.map((unit) => ({unit, trace: sumTrace(sum, unit.arithmetic)}));
  return dataTable(rows, comparisonColumns, {caption: "The chosen sum in every unit", document});
}

const comparisonColumns: readonly Column<{unit: SumUnit; trace: SumTrace}>[] = [
  {name: "unit", value: ({unit}) => racerTitle(unit.racer)},
  {name: "products in a group", value: ({unit}) => unit.arithmetic.groupSize},
  {name: "bits kept below the largest exponent", value: ({unit}) => unit.arithmetic.fractionBits},
  {name: "result", value: ({trace}) => trace.result, format: numberText},
  {name: "error", value: ({trace}) => trace.result - trace.exact, format: numberText},
];

const exampleName = (text: string): string =>
  Object.entries(sumExamples).find(([, sum]) => sum === text)?.[0] ?? text;
