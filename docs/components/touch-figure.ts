import {codeBits} from "../src/formats/decode.js";
import type {FloatFormat, Specials} from "../src/formats/format.js";
import {parseFormat} from "../src/formats/parse.js";
import {presets} from "../src/formats/preset.js";
import {type BitField, bitView} from "./bit-view.js";
import {castSentence} from "./cast-sentence.js";
import {type CastView, castView, textForFormat, textOfBits} from "./cast-view.js";
import {codeClass} from "./code-class.js";
import {codeSentence} from "./code-sentence.js";
import {copyButton} from "./copy-button.js";
import {dragHandle} from "./drag-handle.js";
import {elementMaker} from "./element-maker.js";
import {formatChooser} from "./format-chooser.js";
import {formatFields} from "./format-fields.js";
import {canChange, changedFormat, type RecordChanges} from "./format-record.js";
import type {FormatsState} from "./formats-choices.js";
import {nextBits} from "./next-bits.js";
import {numberText} from "./number-text.js";
import {perFrame} from "./per-frame.js";
import {resetButton} from "./reset-button.js";
import {selectControl} from "./select-control.js";
import {shownCast} from "./shown-cast.js";
import {specialsLabels} from "./specials-labels.js";
import {textField} from "./text-field.js";
import {valueFacts} from "./value-facts.js";
import {formulaElement, valueFormula} from "./value-formula.js";

/** Bits above which cells are drawn small. */
const roomyBits = 19;

const caption =
  "Figure 1. Press a bit to turn it, or draw across several. Drag the handles to move the boundary between exponent and " +
  "mantissa, and the width: the value that was typed stays. In the value field, the up and down arrow keys go to the " +
  "next number of the format. Rounding and policy say what becomes of numbers that it lacks.";

/** One code of one format to be touched: its bits, what they mean, and what became of the value that was typed. */
export function touchFigure(
  state: FormatsState,
  {document = globalThis.document}: {document?: Document} = {},
): HTMLElement {
  const make = elementMaker(document);
  const window = document.defaultView!;
  const format = () => parseFormat(state.get().format);
  const setFormat = (name: string) => state.set({format: name, value: textForFormat(state.get())});
  const setBits = (bits: string) => state.set({value: textOfBits(bits, state.get())});
  const step = (direction: 1 | -1) => {
    const {view} = shownCast(state.get());
    setBits(nextBits(view.format, view.bits, direction));
  };

  const chooser = formatChooser({
    id: "format",
    label: "Format",
    value: state.get().format,
    onChange: setFormat,
    document,
  });
  const field = textField({
    id: "value",
    label: "Value",
    value: state.get().value,
    onInput(value) {
      castView({...state.get(), value});
      state.set({value});
    },
    onStep: step,
    document,
  });
  const record = recordControls({format, setFormat, document});
  const bits = bitView(bitState(shownCast(state.get()).view, record.handles), {
    label: "Bits of the value",
    onChange: setBits,
    document,
  });
  const formula = make("div", {class: "touch-formula"});
  const sentences = make("div", {class: "touch-sentences"});
  const facts = make("div", {class: "touch-facts"});
  const rules = make("p", {class: "touch-policy"});
  const summary = make("p", {class: "visually-hidden", "aria-live": "polite"});
  const address = () => new URL("#touch", document.location.href).href;

  const show = () => {
    const {view, error} = shownCast(state.get());
    chooser.update(state.get().format);
    field.update(state.get().value);
    record.update();
    bits.update(bitState(view, record.handles));
    bits.element.classList.toggle("small", codeBits(view.format) > roomyBits);
    formula.replaceChildren(formulaElement(valueFormula(view.format, view.bits), {document}));
    sentences.replaceChildren(
      make("p", {}, error ?? castSentence(view)),
      make("p", {}, codeSentence(view.format, view.bits)),
    );
    facts.replaceChildren(valueFacts(view, {document}));
    rules.textContent = `${view.policy}: ${presets[view.policy].summary}.`;
    summary.textContent = spoken(view);
  };
  state.subscribe(perFrame(show, window), ["format", "value", "rounding", "policy"]);
  show();

  return make(
    "section",
    {class: "touch-figure", "aria-label": "One value and its bits"},
    make("div", {class: "touch-fields"}, chooser.element, field.element),
    make("div", {class: "touch-bits"}, bits.element, record.element),
    formula,
    sentences,
    facts,
    make(
      "div",
      {class: "chart-controls touch-rules"},
      selectControl(state, "rounding", {label: "Rounding", document}),
      selectControl(state, "policy", {label: "Policy", document}),
      resetButton(state, {document}),
      copyButton("Copy link", address, {document}),
      rules,
    ),
    make("p", {class: "touch-caption"}, caption),
    summary,
  );
}

interface Handles {
  readonly boundary: HTMLElement;
  readonly end: HTMLElement;
}

/** The fields of the format with the code's bits; those of a float that can be changed have handles. */
function bitState({format, bits}: CastView, handles: Handles): {fields: BitField[]; bits: string} {
  const fields = formatFields(format);
  if (format.kind !== "float" || !isOpen(format)) return {fields, bits};
  const after = {exponent: handles.boundary, mantissa: handles.end} as Partial<Record<string, HTMLElement>>;
  return {fields: fields.map((field) => ({...field, after: after[field.meaning]})), bits};
}

/** Whether the fields of a float can be changed: fp64 is the only one of its kind. */
const isOpen = (format: FloatFormat): boolean => canChange(format, {});

/** What makes a format: handles at the fields, the bias, and what the top codes mean. */
function recordControls({
  format,
  setFormat,
  document,
}: {
  format: () => ReturnType<typeof parseFormat>;
  setFormat: (name: string) => void;
  document: Document;
}) {
  const make = elementMaker(document);
  const float = () => format() as FloatFormat;
  const error = make("p", {class: "field-error", role: "status"});
  const change = (changes: RecordChanges) => {
    try {
      setFormat(changedFormat(float(), changes).name);
      error.textContent = "";
    } catch (problem) {
      error.textContent = (problem as Error).message;
    }
  };
  const isFloat = () => format().kind === "float";
  const ofFloat = (value: (format: FloatFormat) => number) => () => (isFloat() ? value(float()) : 0);
  const pitch = () => document.querySelector<HTMLElement>(".touch-bits .bit")?.offsetWidth || 40;
  const magnitudeBits = ({exponentBits, mantissaBits}: FloatFormat) => exponentBits + mantissaBits;
  const boundary = dragHandle({
    label: "Boundary between exponent and mantissa",
    value: ofFloat(({exponentBits}) => exponentBits),
    minimum: () => 1,
    maximum: ofFloat((record) => Math.min(8, magnitudeBits(record))),
    text: () =>
      isFloat() ? `${float().exponentBits} exponent bits, ${float().mantissaBits} mantissa bits` : "",
    pitch,
    onChange: (exponentBits) => change({exponentBits, mantissaBits: magnitudeBits(float()) - exponentBits}),
    document,
  });
  const end = dragHandle({
    label: "Width",
    value: ofFloat(({mantissaBits}) => mantissaBits),
    minimum: () => 0,
    maximum: () => 23,
    text: () => `${codeBits(format())} bits`,
    pitch,
    onChange: (mantissaBits) => change({mantissaBits}),
    document,
  });
  const bias = make("input", {type: "number", step: 1});
  bias.addEventListener("input", () => {
    if (bias.value !== "") change({bias: bias.valueAsNumber});
  });
  const options = (Object.keys(specialsLabels) as Specials[]).map((value) =>
    make("option", {value}, specialsLabels[value]),
  );
  const specials = make("select", {}, ...options);
  specials.addEventListener("change", () => change({specials: specials.value as Specials}));
  const element = make(
    "div",
    {class: "record-controls"},
    make("label", {class: "select-control"}, make("span", {}, "Bias"), bias),
    make("label", {class: "select-control"}, make("span", {}, "Top codes"), specials),
    error,
  );
  const update = () => {
    element.hidden = !isFloat() || !isOpen(float());
    if (element.hidden) return;
    boundary.update();
    end.update();
    if (bias.valueAsNumber !== float().bias) bias.value = String(float().bias);
    specials.value = float().specials;
    for (const option of options) {
      option.disabled = !canChange(float(), {specials: option.value as Specials});
    }
  };
  update();
  return {element, update, handles: {boundary: boundary.element, end: end.element}};
}

function spoken({format, typed, value, bits, hasCode}: CastView): string {
  const kind = codeClass(format, bits);
  const result = Object.is(typed, value) ? numberText(value) : `${typed} becomes ${numberText(value)}`;
  return `${format.name}: ${result}, ${hasCode ? `${kind}, bits ${bits}` : "without a code"}`;
}
