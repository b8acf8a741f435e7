import {choiceControl} from "./choice-control.js";
import type {Column} from "./column.js";
import {csvButton} from "./csv-button.js";
import {type AnswerGroup, answerGroups, type DisagreementCase} from "./disagreement-case.js";
import type {DisagreementChoices} from "./disagreement-choices.js";
import {disagreementKinds, type KindName, kindNames, type Reference} from "./disagreement-kinds.js";
import {elementMaker} from "./element-maker.js";
import {inlineBits} from "./inline-bits.js";
import type {PageState, StateOf} from "./page-state.js";
import {resetButton} from "./reset-button.js";
import {selectControl} from "./select-control.js";
import {typeset} from "./typeset.js";

interface AnswerRow {
  readonly kind: KindName;
  readonly format: string;
  readonly input: string;
  readonly note: string;
  readonly library: string;
  readonly answer: string;
  readonly code: string | null;
  readonly differs: boolean;
  readonly reason: string;
  readonly reference: string | null;
}

const columns: readonly Column<AnswerRow>[] = [
  {name: "kind", value: ({kind}) => disagreementKinds[kind].label},
  {name: "format", value: ({format}) => format},
  {name: "input", value: ({input}) => input},
  {name: "what is special", value: ({note}) => note},
  {name: "library", value: ({library}) => library},
  {name: "answer", value: ({answer}) => answer},
  {name: "code", value: ({code}) => code},
  {name: "differs from most", value: ({differs}) => (differs ? "yes" : "no")},
  {name: "why", value: ({reason}) => reason},
  {name: "source", value: ({reference}) => reference},
  {name: "discussed at", value: ({kind}) => disagreementKinds[kind].references.map(({url}) => url).join(" ")},
];

/** The cases that the reader asked for. */
export function shownCases(
  cases: readonly DisagreementCase[],
  {show, kind, library, of}: Pick<StateOf<DisagreementChoices>, "show" | "kind" | "library" | "of">,
): DisagreementCase[] {
  return cases.filter(
    (row) =>
      (show === "all" ? answerGroups(row.answers).length > 1 : row.isExample) &&
      (kind === "all" || row.kind === kind) &&
      (of === "all" || row.format === of) &&
      (library === "all" || row.answers.some((answer) => answer.library === library)),
  );
}

/** Everything on which libraries disagree, by question; filtered, with the reasons and where to read more. */
export function disagreementTable(
  cases: readonly DisagreementCase[],
  {state, document = globalThis.document}: {state: PageState<DisagreementChoices>; document?: Document},
): HTMLElement {
  const make = elementMaker(document);
  const id = "table";
  const summary = make("p", {class: "ask-summary", role: "status"});
  const body = make("div", {class: "questions"});
  const shown = () => shownCases(cases, state.get());
  const csv = csvButton(id, () => ({rows: shown().flatMap(rowsOf), columns}), {document});

  state.subscribe(() => {
    const present = shown();
    summary.textContent = countSentence(present, cases);
    const kinds = kindNames.filter((kind) => present.some((row) => row.kind === kind));
    body.replaceChildren(
      ...kinds.map((kind) =>
        question(
          kind,
          present.filter((row) => row.kind === kind),
        ),
      ),
    );
  }, ["show", "kind", "library", "of"]);

  return make(
    "div",
    {class: "chart-figure disagreement-table"},
    make(
      "div",
      {class: "chart-controls"},
      choiceControl(state, "show", {
        group: `${id}-show`,
        legend: "Show",
        labelOf: (value) => (value === "all" ? "every case" : "examples"),
        document,
      }),
      selectControl(state, "kind", {
        label: "Kind",
        labelOf: (kind) => (kind === "all" ? "all kinds" : disagreementKinds[kind as KindName].label),
        document,
      }),
      selectControl(state, "of", {
        label: "Format",
        labelOf: (format) => (format === "all" ? "all formats" : format),
        document,
      }),
      selectControl(state, "library", {
        label: "Library",
        labelOf: (library) => (library === "all" ? "all libraries" : library),
        document,
      }),
      resetButton(state, {document}),
    ),
    summary,
    body,
    make("div", {class: "chart-actions"}, make("span", {}, "Download"), csv),
  );

  function question(kind: KindName, rows: readonly DisagreementCase[]): HTMLElement {
    const {question, reason, references} = disagreementKinds[kind];
    return make(
      "section",
      {class: "question"},
      make("h3", {id: kind.replaceAll(" ", "-").toLowerCase()}, question),
      make("p", {class: "question-reason"}, typeset(reason, {document}), " ", ...referenceLinks(references)),
      make("ul", {class: "cases"}, ...rows.map(caseItem)),
    );
  }

  function referenceLinks(references: readonly Reference[]): Node[] {
    const links = references.map(({label, url}) => make("a", {href: url}, label));
    const parts = links.flatMap((link, i) => (i === 0 ? [link] : [document.createTextNode(", "), link]));
    return [document.createTextNode("("), ...parts, document.createTextNode(")")];
  }

  function caseItem(row: DisagreementCase): HTMLElement {
    const {library} = state.get();
    const head = make(
      "div",
      {class: "case-input"},
      make("strong", {}, typeset(row.input, {document})),
      make("span", {class: "case-format"}, ` ${row.format}`),
      make("span", {class: "case-note"}, typeset(row.note, {document})),
    );
    if (row.ask) {
      const {value, format} = row.ask;
      const button = make(
        "button",
        {type: "button", "aria-label": `Look closer at ${row.input} as ${row.format}`},
        "Look closer",
      );
      button.addEventListener("click", () => {
        state.set({value, format});
        const target = document.getElementById("ask");
        target?.scrollIntoView?.({block: "start"});
        target?.querySelector<HTMLElement>("input")?.focus({preventScroll: true});
      });
      head.append(button);
    }
    return make(
      "li",
      {class: "case"},
      head,
      make("dl", {class: "case-answers"}, ...answerGroups(row.answers).map(answerLine)),
    );

    function answerLine({text, code, answers}: AnswerGroup): HTMLElement {
      const bits = code
        ? [inlineBits(code.format, code.bits, {as: code.isScale ? "scale" : undefined, document})]
        : [];
      const names = answers.flatMap((answer, i) => {
        const name = make(
          "span",
          {class: answer.library === library && "is-asked", title: answer.reason},
          answer.library,
        );
        return i === 0 ? [name] : [", ", name];
      });
      return make(
        "div",
        {},
        make("dt", {}, typeset(text, {document}), " ", ...bits),
        make("dd", {}, ...names),
      );
    }
  }
}

/** "12 cases of 60, on which ..." */
function countSentence(shown: readonly DisagreementCase[], cases: readonly DisagreementCase[]): string {
  const disputed = cases.filter(({answers}) => answerGroups(answers).length > 1).length;
  if (shown.length === 0) return "No case fits these filters.";
  const many = shown.length === 1 ? "One case" : `${shown.length} cases`;
  return `${many} shown. Of ${cases.length} inputs tried on every library that has the format, ${disputed} have more than one answer.`;
}

function rowsOf({kind, format, input, note, answers}: DisagreementCase): AnswerRow[] {
  const [most] = answerGroups(answers);
  return answers.map(({library, text, code, reason, reference = null}) => ({
    kind,
    format,
    input,
    note,
    library,
    answer: text,
    code: code?.bits ?? null,
    differs: text !== most.text,
    reason,
    reference,
  }));
}
