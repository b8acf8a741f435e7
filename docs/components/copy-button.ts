import {elementMaker} from "./element-maker.js";

/** A button that copies a text, and says for a moment that it did. */
export function copyButton(
  label: string,
  text: () => string,
  {document = globalThis.document}: {document?: Document} = {},
): HTMLButtonElement {
  const button = elementMaker(document)("button", {type: "button"}, label);
  button.addEventListener("click", async () => {
    const isCopied = await document.defaultView!.navigator.clipboard.writeText(text()).then(
      () => true,
      () => false,
    );
    button.textContent = isCopied ? "Copied" : "Copying is not allowed here";
    setTimeout(() => {
      button.textContent = label;
    }, 1500);
  });
  return button;
}
