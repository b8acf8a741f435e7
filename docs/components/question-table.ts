import type {Disagreement} from "../src/formats/disagreements.js";
import type {Column} from "./column.js";
import {csvButton} from "./csv-button.js";
import {answerGroups} from "./disagreement-case.js";
import {elementMaker} from "./element-maker.js";
import {libraryAnswers, valueText} from "./library-answers.js";
import {typeset} from "./typeset.js";

const columns: readonly Column<Disagreement>[] = [
  {name: "question", value: ({question}) => question},
  {name: "topic", value: ({topic}) => topic},
  {
    name: "answers",
    value: ({answers}) => answers.map(({answer, libraries}) => `${answer} (${libraries})`).join("; "),
  },
  {name: "computed", value: ({example}) => (example ? exampleText(example) : null)},
  {name: "reference", value: ({reference}) => reference},
];

/** The questions that the library keeps a list of, with the answers found, and one computed where a cast shows it. */
export function questionTable(
  disagreements: readonly Disagreement[],
  {document = globalThis.document}: {document?: Document} = {},
): HTMLElement {
  const make = elementMaker(document);
  const lines = disagreements.map(({question, answers, example, reference}) =>
    make(
      "tr",
      {},
      make("th", {scope: "row"}, question),
      make(
        "td",
        {},
        make(
          "ul",
          {},
          ...answers.map(({answer, libraries}) =>
            make("li", {}, typeset(answer, {document}), `: ${libraries}`),
          ),
        ),
      ),
      make("td", {}, example ? typeset(exampleText(example), {document}) : "see above"),
      make("td", {}, reference),
    ),
  );
  const head = ["Question", "Answers found", "Computed here", "Written down in"];
  return make(
    "div",
    {class: "chart-figure"},
    make(
      "div",
      {
        class: "chart-table question-table",
        tabindex: 0,
        role: "region",
        "aria-label": "Questions and answers",
      },
      make(
        "table",
        {class: "data-table"},
        make(
          "caption",
          {},
          "Each question once, with what was found, also of libraries that are not modelled here",
        ),
        make("thead", {}, make("tr", {}, ...head.map((name) => make("th", {scope: "col"}, name)))),
        make("tbody", {}, ...lines),
      ),
    ),
    make(
      "div",
      {class: "chart-actions"},
      make("span", {}, "Download"),
      csvButton("questions", () => ({rows: disagreements, columns}), {document}),
    ),
  );
}

/** "500 as e4m3fn: NaN from 5, 448 from 5". */
export function exampleText({value, format}: {readonly value: number; readonly format: string}): string {
  const answers = answerGroups(libraryAnswers(value, format)).map(
    ({text, answers}) => `${text} from ${answers.length}`,
  );
  return `${valueText(value)} as ${format}: ${answers.join(", ")}`;
}
