import {elementMaker} from "./element-maker.js";
import {type SpecialResult, specialBlocks, specialScalings} from "./special-blocks.js";
import {typeset} from "./typeset.js";

/** Blocks of zeros, next to nothing, infinity and NaN: a row for each, a column for each way to scale. */
export function specialTable(
  results: readonly SpecialResult[],
  {document = globalThis.document}: {document?: Document} = {},
): HTMLElement {
  const make = elementMaker(document);
  const cell = (block: string, hasCompany: boolean, scaling: string) => {
    const {scale, value, company} = results.find((row) => row.block === block && row.scaling === scaling)!;
    const becomes = hasCompany ? `${value}; ones: ${company}` : value;
    return make(
      "td",
      {},
      make("span", {class: "scale"}, "× ", typeset(scale, {document})),
      make("br"),
      typeset(`→ ${becomes}`, {document}),
    );
  };
  const labels = Object.values(specialScalings);
  const lines = specialBlocks.map(({name, company}) =>
    make(
      "tr",
      {},
      make("th", {scope: "row"}, typeset(name, {document})),
      ...labels.map((label) => cell(name, company !== 0, label)),
    ),
  );
  return make(
    "div",
    {
      class: "chart-table special-table",
      tabindex: 0,
      role: "region",
      "aria-label": "Blocks out of the ordinary",
    },
    make(
      "table",
      {class: "data-table"},
      make(
        "caption",
        {},
        "The block's scale, and what the value becomes; where there is other company than zeros, what that becomes. Elements E2M1.",
      ),
      make(
        "thead",
        {},
        make(
          "tr",
          {},
          make("th", {scope: "col"}, "Block"),
          ...labels.map((label) => make("th", {scope: "col"}, label)),
        ),
      ),
      make("tbody", {}, ...lines),
    ),
  );
}
