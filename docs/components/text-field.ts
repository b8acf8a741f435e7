import {elementMaker} from "./element-maker.js";

export interface TextFieldOptions {
  /** Unique on the page. */
  readonly id: string;
  readonly label: string;
  readonly value: string;
  /** Called with what is typed; the message of an error that it throws is shown. */
  readonly onInput: (text: string) => void;
  /** Called for the arrow keys and the two buttons: 1 for up, −1 for down. */
  readonly onStep?: (direction: 1 | -1) => void;
  /** What the two buttons do. */
  readonly steps?: {readonly up: string; readonly down: string};
  readonly document?: Document;
}

export interface TextField {
  readonly element: HTMLElement;
  /** Shows another text, unless it is the one that was typed. */
  readonly update: (text: string) => void;
}

/** A field to type into, with the reason beside it where the text means nothing, and steps up and down. */
export function textField({
  id,
  label,
  value,
  onInput,
  onStep,
  steps = {up: "Next value up", down: "Next value down"},
  document = globalThis.document,
}: TextFieldOptions): TextField {
  const make = elementMaker(document);
  const input = make("input", {
    id,
    type: "text",
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    "aria-describedby": `${id}-error`,
  });
  const error = make("p", {id: `${id}-error`, class: "field-error", role: "status"});
  const stepButton = (direction: 1 | -1, sign: string, name: string) => {
    const button = make("button", {type: "button", "aria-label": name, title: name}, sign);
    button.addEventListener("click", () => onStep!(direction));
    return button;
  };
  const buttons = onStep ? [stepButton(-1, "−", steps.down), stepButton(1, "+", steps.up)] : [];
  const element = make(
    "div",
    {class: "text-field"},
    make("label", {for: id}, label),
    make("div", {class: "text-field-row"}, input, ...buttons),
    error,
  );
  /** The text that the state was last told, or told us. */
  let current = value;
  const setError = (message: string) => {
    error.textContent = message;
    input.setAttribute("aria-invalid", String(message !== ""));
  };

  input.addEventListener("input", () => {
    const text = input.value.trim();
    const before = current;
    try {
      if (text) {
        current = text;
        onInput(text);
      }
      setError("");
    } catch (problem) {
      current = before;
      setError((problem as Error).message);
    }
  });
  // An empty field means nothing: what holds comes back.
  input.addEventListener("blur", () => {
    if (!input.value.trim()) input.value = current;
  });
  if (onStep) {
    input.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
      event.preventDefault();
      onStep(event.key === "ArrowUp" ? 1 : -1);
    });
  }
  input.value = value;
  return {
    element,
    update(text) {
      if (text === current) return;
      current = text;
      input.value = text;
      setError("");
    },
  };
}
