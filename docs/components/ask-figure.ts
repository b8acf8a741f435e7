import {parseFormat} from "../src/formats/parse.js";
import {askedFormats} from "./asked-formats.js";
import {choiceControl} from "./choice-control.js";
import {combobox} from "./combobox.js";
import {copyButton} from "./copy-button.js";
import {csvButton} from "./csv-button.js";
import {type Answer, answerGroups} from "./disagreement-case.js";
import type {DisagreementChoices, instructiveValues} from "./disagreement-choices.js";
import {elementMaker} from "./element-maker.js";
import {inlineBits} from "./inline-bits.js";
import {libraries} from "./libraries.js";
import {libraryAnswers} from "./library-answers.js";
import type {PageState} from "./page-state.js";
import {resetButton} from "./reset-button.js";
import {typedNumber} from "./typed-number.js";
import {typedValue} from "./typed-value.js";
import {typeset} from "./typeset.js";

const suggestions = [
  {title: "Around the end of E4M3", options: ["460", "464", "465", "480", "500"]},
  {title: "No ordinary numbers", options: ["inf", "-inf", "nan", "-0"]},
  {title: "Half-way between values", options: ["1.0625", "1.1875", "1.25", "5"]},
  {title: "Small", options: ["2^-9", "2^-10", "1e-9", "-1e-9", "2^-130"]},
].map(({title, options}) => ({title, options: options.map((value) => ({value, detail: ""}))}));

const urls = new Map(Object.values(libraries).map(({title, url}) => [title, url]));

/** One number, and what every library makes of it, equal answers together. */
export function askFigure({
  state,
  document = globalThis.document,
}: {
  state: PageState<DisagreementChoices>;
  document?: Document;
}): HTMLElement {
  const make = elementMaker(document);
  const id = "ask";
  const field = combobox({
    id: `${id}-value`,
    label: "A number, or a code",
    value: state.get().value,
    groups: suggestions,
    onChange: (value) => state.set({value}),
    parse: (text) => {
      typedValue(text);
      return {value: text, detail: ""};
    },
    document,
  });
  const summary = make("p", {class: "ask-summary", role: "status"});
  const groups = make("div", {class: "answer-groups"});
  const present = () => {
    const {value, format} = state.get();
    const number = typedNumber(value, parseFormat(format));
    return {value, title: askedFormats[format], answers: libraryAnswers(number, format)};
  };
  const rows = () => {
    const {value, title, answers} = present();
    return answers.map((answer) => ({value, title, ...answer}));
  };
  const csv = csvButton(
    id,
    () => ({
      rows: rows(),
      columns: [
        {name: "input", value: ({value}) => value},
        {name: "format", value: ({title}) => title},
        {name: "library", value: ({library}) => library},
        {name: "answer", value: ({text}) => text},
        {name: "code", value: ({code}) => code?.bits ?? null},
        {name: "why", value: ({reason}) => reason},
        {name: "source", value: ({reference}) => reference ?? null},
      ],
    }),
    {document},
  );
  const link = copyButton(
    "Copy link",
    () => {
      const url = new URL(document.location.href);
      url.hash = id;
      return url.href;
    },
    {document},
  );

  state.subscribe(
    ({value}) => {
      field.update(value);
      try {
        const {title, answers} = present();
        const found = answerGroups(answers);
        summary.replaceChildren(typeset(askSentence(value, title, answers), {document}));
        groups.replaceChildren(...found.map((group) => groupCard(group.answers)));
      } catch (error) {
        // The code that was typed is none of this format.
        summary.replaceChildren((error as Error).message);
        groups.replaceChildren();
      }
    },
    ["value", "format"],
  );

  return make(
    "div",
    {class: "chart-figure ask"},
    make("div", {class: "chart-controls"}, field.element, resetButton(state, {document})),
    make(
      "div",
      {class: "chart-controls"},
      choiceControl(state, "value", {
        group: `${id}-try`,
        legend: "Try",
        labelOf: (value) => triedLabels[value] ?? value,
        document,
      }),
      choiceControl(state, "format", {
        group: `${id}-format`,
        legend: "Format",
        labelOf: (format) => askedFormats[format],
        document,
      }),
    ),
    summary,
    groups,
    make("div", {class: "chart-actions"}, make("span", {}, "Download"), csv, link),
  );

  function groupCard(answers: readonly Answer[]): HTMLElement {
    const [{text, code}] = answers;
    // The same value may have different codes, where libraries read the name in different ways.
    const codes = new Map(answers.flatMap(({code}) => (code ? [[code.format.name, code] as const] : [])));
    const bits = [...codes.values()].map((code) =>
      inlineBits(code.format, code.bits, {as: code.isScale ? "scale" : undefined, document}),
    );
    return make(
      "section",
      {class: "answer-group", "aria-label": `Answer ${text}`},
      make(
        "p",
        {class: "answer-value"},
        typeset(text, {document}),
        ...(code ? bits : [make("span", {class: "no-code"}, "no code")]),
      ),
      make(
        "ul",
        {},
        ...answers.map(({library, reason, reference}) =>
          make(
            "li",
            {},
            make("a", {href: urls.get(library) ?? ""}, library),
            ": ",
            typeset(reason, {document}),
            ...(reference ? [make("span", {class: "answer-source"}, reference.split(";")[0])] : []),
          ),
        ),
      ),
    );
  }
}

const triedLabels: Readonly<Record<(typeof instructiveValues)[number] | string, string>> = {
  inf: "∞",
  nan: "NaN",
  "-0": "−0",
  "1e5": "100000",
  "1e-9": "10⁻⁹",
};

/** "465 as E4M3FN has 2 answers: NaN from 4 libraries, 448 from 3." */
export function askSentence(value: string, title: string, answers: readonly Answer[]): string {
  const found = answerGroups(answers);
  const input = triedLabels[value] ?? value;
  if (found.length === 1) {
    return `${input} as ${title}: all ${answers.length} agree on ${found[0].text}.`;
  }
  const parts = found.map(({text, answers: {length}}) => `${text} from ${length}`);
  return `${input} as ${title}: ${found.length} answers from ${answers.length} libraries and specifications. ${parts.join(", ")}.`;
}
