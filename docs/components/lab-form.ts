import {unitNames} from "../src/precision/units/matrix-units.js";
import type {CheckedSettings, SettingTexts} from "../src/training/settings-form.js";
import {elementMaker} from "./element-maker.js";
import {isMenu, type LabField, labGroups} from "./lab-fields.js";
import {inB, type LabState, longestText, type RunName, recipeChanges} from "./lab-state.js";

/** What the form shows of both runs. */
export interface LabFormView {
  readonly checked: Readonly<Record<RunName, CheckedSettings>>;
  /** The settings of both runs, as texts. */
  readonly texts: Readonly<Record<RunName, Readonly<Record<string, string>>>>;
  /** While a run is under way its settings stay as they are. */
  readonly isLocked: boolean;
  /** Texts that can be chosen to be read, by name. */
  readonly corpora: ReadonlyMap<
    string,
    {readonly label: string; readonly checksum: string; readonly note: string}
  >;
}

export interface LabForm {
  readonly element: HTMLFormElement;
  readonly update: (view: LabFormView) => void;
  /** Puts the focus on the first setting that makes a run impossible. */
  readonly showWrong: (run: RunName) => void;
}

export interface LabFormOptions {
  readonly state: LabState;
  readonly fields: readonly LabField[];
  /** Called when Enter is pressed in a field. */
  readonly onSubmit: () => void;
  /** Called when a field was left that was typed into. */
  readonly onLeaveField: () => void;
  /** Stands above all fields. */
  readonly head?: Node;
  /** Stands below the fields of the group. */
  readonly extras?: Partial<Record<LabField["group"], Node>>;
  readonly document?: Document;
}

/** The settings of two runs side by side: a line for each setting, where run B is as run A until something is chosen. */
export function labForm({
  state,
  fields,
  onSubmit,
  onLeaveField,
  head,
  extras = {},
  document = globalThis.document,
}: LabFormOptions): LabForm {
  const make = elementMaker(document);
  const rows = fields.map((field) => settingRow(field, state, document));
  const rowsOf = (isWanted: (field: LabField) => boolean) =>
    rows.filter(({field}) => isWanted(field)).map(({element}) => element);
  const folds = labGroups.flatMap(({name, title}) => {
    const isInside = ({group, isBasic}: LabField) => group === name && !isBasic;
    const extra = extras[name];
    // A text that is missing is given below the fields of its group.
    const isConcerned = (field: LabField) =>
      isInside(field) || (extra !== undefined && field.key === "corpus");
    if (!fields.some(isInside) && !extra) return [];
    const count = make("span", {class: "fold-count"});
    const fold = make(
      "details",
      {class: "setting-fold"},
      make("summary", {}, title, count),
      ...rowsOf(isInside),
      ...(extra ? [extra] : []),
    );
    return [{fold, count, isInside, isConcerned}];
  });
  const compare = make("input", {type: "checkbox"});
  compare.addEventListener("change", () => state.set({compare: compare.checked ? "yes" : "no"}));
  const fieldset = make(
    "fieldset",
    {},
    make("legend", {class: "visually-hidden"}, "Settings of the runs"),
    make(
      "div",
      {class: "setting-head"},
      make("label", {class: "compare"}, compare, "Compare two runs"),
      make("span", {class: "run-chip run-a"}, "A"),
      make("span", {class: "run-chip run-b"}, "B"),
    ),
    ...rowsOf(({isBasic}) => isBasic),
    ...folds.map(({fold}) => fold),
  );
  const element = make(
    "form",
    {class: "lab-form", "aria-label": "Settings"},
    ...suggestionLists(document),
    ...(head ? [head] : []),
    fieldset,
  );
  element.addEventListener("submit", (event) => event.preventDefault());
  fieldset.addEventListener("change", onLeaveField);
  // A form of many fields without a button of its own is not submitted by Enter.
  fieldset.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.target as Element).matches("input[type=text]")) return;
    event.preventDefault();
    onSubmit();
  });
  return {
    element,
    update(view) {
      const {texts, checked, isLocked} = view;
      const isCompared = state.get().compare === "yes";
      element.dataset.compare = String(isCompared);
      compare.checked = isCompared;
      fieldset.disabled = isLocked;
      for (const row of rows) row.update(view, isCompared);
      for (const {fold, count, isInside, isConcerned} of folds) {
        const inside = fields.filter(isInside);
        const wrong = fields.filter(
          (field) =>
            isConcerned(field) &&
            (checked.a.errors[field.key] || (isCompared && checked.b.errors[field.key])),
        );
        const different = inside.filter(({key}) => isCompared && texts.a[key] !== texts.b[key]);
        const set = inside.filter(({key, initial}) => (texts.a[key] || initial) !== initial);
        count.textContent = foldText({wrong: wrong.length, different: different.length, set: set.length});
        if (wrong.length > 0) fold.open = true;
      }
    },
    showWrong(run) {
      const find = (of: string) => element.querySelector<HTMLElement>(`${of}[aria-invalid=true]`);
      // What is wrong in both runs is marked in A alone.
      const wrong = find(`.run-${run}`) ?? find("");
      const fold = wrong?.closest("details");
      if (fold) fold.open = true;
      wrong?.focus();
    },
  };
}

function foldText({wrong, different, set}: {wrong: number; different: number; set: number}): string {
  const parts = [
    ...(wrong > 0 ? ["needs a change"] : []),
    ...(different > 0 ? [`${different} different in B`] : []),
    ...(set > 0 ? [`${set} set`] : []),
  ];
  return parts.map((part) => ` · ${part}`).join("");
}

const casts = [
  ...["fp32", "bf16", "fp16", "e4m3fn", "e5m2", "e4m3fn tensor", "e5m2 tensor", "e4m3fn delayed"],
  ...["e4m3fn block:1x128", "mxfp8", "mxfp4", "mxfp4 mx,prescale=0.75 stochastic-a bits=16 hadamard"],
  ...["nvfp4", "int8 row", "int4 row"],
];

const suggestionsId = (name: string): string => `lab-${name}`;

/** Texts to choose from, and to learn from how they are written. */
function suggestionLists(document: Document): HTMLDataListElement[] {
  const make = elementMaker(document);
  const lists = {casts, units: ["exact float32", ...unitNames]};
  return Object.entries(lists).map(([name, values]) =>
    make("datalist", {id: suggestionsId(name)}, ...values.map((value) => make("option", {value}))),
  );
}

interface SettingRow {
  readonly field: LabField;
  readonly element: HTMLElement;
  readonly update: (view: LabFormView, isCompared: boolean) => void;
}

function settingRow(field: LabField, state: LabState, document: Document): SettingRow {
  const make = elementMaker(document);
  const {key, label, help} = field;
  const errorId = `setting-${key}-error`;
  const controls = {a: control(field, "a", state, document), b: control(field, "b", state, document)};
  const error = make("p", {class: "field-error setting-error", id: errorId, role: "status"});
  const name = make(
    "div",
    {class: "setting-name"},
    make("span", {class: "setting-label"}, label),
    make("small", {class: "setting-help"}, help),
  );
  const meaning = make("p", {class: "setting-meaning"});
  const element = make(
    "div",
    {class: "setting", "data-key": key},
    name,
    controls.a.element,
    controls.b.element,
    meaning,
    error,
  );
  for (const {element: input} of Object.values(controls)) input.setAttribute("aria-describedby", errorId);
  return {
    field,
    element,
    update(view, isCompared) {
      const {texts, checked} = view;
      const errorA = checked.a.errors[key];
      const errorB = isCompared && checked.b.errors[key] !== errorA ? checked.b.errors[key] : undefined;
      const problems = [errorA, errorB && `B: ${errorB}`].filter((problem) => problem !== undefined);
      error.textContent = problems.join("; ");
      const note = (corpus: string) => (key === "corpus" && view.corpora.get(corpus)?.note) || "";
      const meaningOf = (own: SettingTexts) => field.meaningOf(own) || note(own.corpus);
      meaning.textContent = meaningText(meaningOf, texts, isCompared);
      controls.a.update(view, errorA !== undefined);
      controls.b.update(view, errorB !== undefined);
      const matters = field.matters(texts.a) || (isCompared && field.matters(texts.b));
      element.hidden = !matters && problems.length === 0;
      element.dataset.different = String(isCompared && texts.a[key] !== texts.b[key]);
    },
  };
}

function meaningText(
  meaningOf: LabField["meaningOf"],
  {a, b}: LabFormView["texts"],
  isCompared: boolean,
): string {
  const [ofA, ofB] = [meaningOf(a), meaningOf(b)];
  if (!isCompared || ofA === ofB) return ofA;
  return [ofA && `A: ${ofA}.`, ofB && `B: ${ofB}.`].filter(Boolean).join(" ");
}

interface Control {
  readonly element: HTMLSelectElement | HTMLInputElement;
  readonly update: (view: LabFormView, isWrong: boolean) => void;
}

function control(field: LabField, run: RunName, state: LabState, document: Document): Control {
  return (isMenu(field) ? menu : typedField)(field, run, state, document);
}

function menu(
  {key, label, values, labelOf, sectionOf}: LabField,
  run: RunName,
  state: LabState,
  document: Document,
): Control {
  const make = elementMaker(document);
  const element = make("select", {"aria-label": `${label}, run ${run.toUpperCase()}`, class: `run-${run}`});
  const name = run === "a" ? key : inB(key);
  let corpora: LabFormView["corpora"] = new Map();
  element.addEventListener("change", () => {
    const {value} = element;
    const checksumKey = run === "a" ? "corpusChecksum" : inB("corpusChecksum");
    const isDeclared = value in {markov: 0, shakespeare: 0};
    const checksum = isDeclared ? "" : (corpora.get(value)?.checksum ?? "");
    if (key === "recipe") state.set(recipeChanges(state.get(), run, value));
    else state.set(key === "corpus" ? {[name]: value, [checksumKey]: checksum} : {[name]: value});
  });
  let shown = "";
  return {
    element,
    update(view, isWrong) {
      corpora = view.corpora;
      const labels =
        key === "corpus"
          ? [...corpora].map(([value, {label}]) => [value, label])
          : values.map((value) => [value, labelOf(value)]);
      const current = state.get()[name];
      // What is missing or wrong stays, so that its error has something to stand beside.
      if (current && !labels.some(([value]) => value === current)) labels.push([current, current]);
      // What that is stands beside it.
      if (run === "b") labels.unshift(["", "as A"]);
      const wanted = JSON.stringify(labels);
      if (wanted !== shown) {
        shown = wanted;
        element.replaceChildren(...inSections(labels, sectionOf, document));
      }
      element.value = current;
      element.setAttribute("aria-invalid", String(isWrong));
      element.classList.toggle("as-a", run === "b" && current === "");
    },
  };
}

/** Options of a menu, under the heading of their section if they have one. */
function inSections(
  labels: readonly (readonly string[])[],
  sectionOf: (value: string) => string,
  document: Document,
): HTMLElement[] {
  const make = elementMaker(document);
  const option = ([value, text]: readonly string[]) => make("option", {value}, text);
  const sections = [...new Set(labels.map(([value]) => (value ? sectionOf(value) : "")))];
  return sections.flatMap((section) => {
    const options = labels.filter(([value]) => (value ? sectionOf(value) : "") === section).map(option);
    return section ? [make("optgroup", {label: section}, ...options)] : options;
  });
}

function typedField(
  {key, label, kind, initial, whenEmpty, suggestions}: LabField,
  run: RunName,
  state: LabState,
  document: Document,
): Control {
  const element = elementMaker(document)("input", {
    type: "text",
    list: suggestions && suggestionsId(suggestions),
    inputmode: kind === "number" ? "decimal" : "text",
    maxlength: longestText,
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    "aria-label": `${label}, run ${run.toUpperCase()}`,
    class: `run-${run}`,
  });
  const name = run === "a" ? key : inB(key);
  element.addEventListener("input", () => state.set({[name]: element.value.trim()}));
  return {
    element,
    update({texts}, isWrong) {
      const current = state.get()[name];
      if (element.value.trim() !== current) element.value = current;
      element.placeholder = (run === "b" && texts.a[key]) || initial || whenEmpty;
      element.setAttribute("aria-invalid", String(isWrong));
    },
  };
}
