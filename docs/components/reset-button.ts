import {elementMaker} from "./element-maker.js";
import type {Choices, PageState} from "./page-state.js";

/** A button that brings back the page as it was written. */
export function resetButton<C extends Choices>(
  state: PageState<C>,
  {document = globalThis.document}: {document?: Document} = {},
): HTMLButtonElement {
  const button = elementMaker(document)("button", {type: "button"}, "Reset");
  button.addEventListener("click", () => state.reset());
  return button;
}
