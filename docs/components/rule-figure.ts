import {parseFormat} from "../src/formats/parse.js";
import type {Kernels} from "../src/kernels/kernels.js";
import {maximumAt, type RuleRow, ruleRows, unitBlock} from "./binade-block.js";
import {type BlockChoices, shownElements} from "./block-choices.js";
import {decibelText} from "./block-losses.js";
import {chartFigure} from "./chart-figure.js";
import {choiceControl} from "./choice-control.js";
import {encodeBits} from "./code-bits.js";
import type {Column} from "./column.js";
import {elementMaker} from "./element-maker.js";
import {inlineBits} from "./inline-bits.js";
import type {PageState} from "./page-state.js";
import {resetButton} from "./reset-button.js";
import {ruleChart} from "./rule-chart.js";
import {sliderControl} from "./slider-control.js";

const columns: readonly Column<RuleRow>[] = [
  {name: "rule", value: ({rule}) => rule},
  {name: "largest magnitude", value: ({maximum}) => maximum},
  {name: "scale", value: ({scale}) => scale},
  {name: "the maximum becomes", value: ({becomes}) => becomes},
  {name: "saturates", value: ({isSaturated}) => (isSaturated ? "yes" : "no")},
  {name: "signal to noise, dB", value: ({ratio}) => ratio, format: (x) => x.toFixed(2)},
];

/** Who states the rule, or has it. */
const ruleSources: Readonly<Record<string, string>> = {
  floor: "OCP MX text, gfloat, microxcaling, torchao",
  ceil: "torchao",
  rceil: "NVIDIA libraries, torchao",
  even: "torchao",
  midmax: "brevitas",
};

/** The five E8M0 rules on one block, while the block's maximum crosses a binade. */
export function ruleFigure(
  kernels: Kernels,
  {state, document = globalThis.document}: {state: PageState<BlockChoices>; document?: Document},
): HTMLElement {
  const make = elementMaker(document);
  const id = "rules";
  const block = unitBlock(kernels);
  let rows = ruleRows(block, state.get().rules);
  const position = () => Number(state.get().max);
  const table = make("div");

  const figure = chartFigure<RuleRow>({
    id,
    caption:
      "Figure 2. Above: the scale that each rule takes; a solid line below it where the block's maximum then lies beyond the " +
      "largest element and saturates. Below: what the block keeps under either scale. The rules differ in nothing " +
      "but the place where they change over.",
    source:
      "Bitscape, “Blocks and scales”, figure 2. Thirty-two normal values by the deterministic generator, multiplied so " +
      "that the largest moves. Computed in this page.",
    controls: [
      choiceControl(state, "rules", {
        group: `${id}-rules`,
        legend: "Elements",
        labelOf: (value) => shownElements[value],
        document,
      }),
      sliderControl(state, "max", {
        label: "Largest magnitude",
        labelOf: (position) => String(maximumAt(state.get().rules, Number(position))),
        document,
      }),
      resetButton(state, {document}),
    ],
    draw: (options) => ruleChart(rows, {...options, position: position(), label: sentence()}),
    data: () => ({
      caption: "Every rule, for the chosen largest magnitude",
      rows: rows.filter((row) => row.position === position()),
      allRows: rows,
      columns,
    }),
    document,
  });
  figure.element.querySelector(".chart-canvas")!.after(table);

  state.subscribe(
    ({rules}) => {
      rows = ruleRows(block, rules);
    },
    ["rules"],
  );
  state.subscribe(() => {
    figure.update();
    table.replaceChildren(ruleTable());
  }, ["rules", "max"]);
  return figure.element;

  function sentence(): string {
    const shown = rows.filter((row) => row.position === position());
    const parts = shown.map(
      ({rule, scale, becomes}) => `${rule} takes the scale ${scale}, and the maximum becomes ${becomes}`,
    );
    return `Largest magnitude ${shown[0].maximum}, ${shownElements[state.get().rules]} elements: ${parts.join("; ")}.`;
  }

  function ruleTable(): HTMLElement {
    const e8m0 = parseFormat("e8m0");
    const head = ["Rule", "Scale", "Code", "The maximum becomes", "Block", "Used by"];
    const shown = rows.filter((row) => row.position === position());
    const lines = shown.map(({rule, scale, becomes, isSaturated, ratio}) =>
      make(
        "tr",
        {},
        make("th", {scope: "row"}, rule),
        make("td", {class: "number scale"}, String(scale)),
        make("td", {}, inlineBits(e8m0, encodeBits(e8m0, scale), {as: "scale", document})),
        make("td", {}, `${becomes}${isSaturated ? ", saturated" : ""}`),
        make("td", {class: "number"}, decibelText(ratio)),
        make("td", {}, ruleSources[rule]),
      ),
    );
    return make(
      "div",
      {class: "chart-table", tabindex: 0, role: "region", "aria-label": "The five rules at this maximum"},
      make(
        "table",
        {class: "data-table"},
        make("caption", {}, `A block whose largest magnitude is ${shown[0].maximum}`),
        make("thead", {}, make("tr", {}, ...head.map((name) => make("th", {scope: "col"}, name)))),
        make("tbody", {}, ...lines),
      ),
    );
  }
}
