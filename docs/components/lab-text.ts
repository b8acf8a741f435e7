import {usageError} from "../src/errors.js";
import {elementMaker} from "./element-maker.js";

/** A text that the reader gave to the page; it stays in this tab. */
export interface OwnText {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const pastedName = "pasted.txt";
const largest = 50e6;

/** Takes a text: from a file, dropped or chosen, or pasted. */
export function labText(
  onText: (text: OwnText) => void,
  {document = globalThis.document}: {document?: Document} = {},
): HTMLElement {
  const make = elementMaker(document);
  const file = make("input", {
    type: "file",
    class: "own-text-file",
    accept: "text/*,.txt,.md,.csv,.json,.ts,.js,.py,.html",
  });
  const area = make("textarea", {
    rows: 3,
    placeholder: "or paste a text here",
    "aria-label": "Your own text",
  });
  const use = make("button", {type: "button", class: "own-text-use"}, "Read this text");
  const error = make("p", {class: "field-error", role: "status"});
  const read = make("p", {class: "own-text-read", role: "status"});
  const take = (text: OwnText) => {
    read.textContent = "";
    try {
      if (text.bytes.length === 0) throw usageError("the text is empty");
      if (text.bytes.length > largest) throw usageError(`${text.name} is larger than ${largest / 1e6} MB`);
      error.textContent = "";
      onText(text);
      read.textContent = `The runs now read ${text.name}: ${text.bytes.length.toLocaleString("en")} bytes.`;
    } catch (problem) {
      error.textContent = (problem as Error).message;
    }
  };
  const takeFile = async (chosen: File | undefined) => {
    if (chosen) take({name: chosen.name, bytes: new Uint8Array(await chosen.arrayBuffer())});
  };
  file.addEventListener("change", () => takeFile(file.files?.[0]));
  use.addEventListener("click", () => take({name: pastedName, bytes: new TextEncoder().encode(area.value)}));
  const element = make(
    "div",
    {class: "own-text"},
    make("label", {}, make("span", {}, "Your own text, which stays in this tab: open or drop a file "), file),
    area,
    use,
    read,
    error,
  );
  element.addEventListener("dragover", (event) => event.preventDefault());
  element.addEventListener("drop", (event) => {
    event.preventDefault();
    takeFile(event.dataTransfer?.files[0]);
  });
  return element;
}
