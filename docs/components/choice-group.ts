import {elementMaker} from "./element-maker.js";

/**
 * Choices in a line behind their name. The name is no `legend`, which WebKit keeps above the line whatever its style;
 * for assistive technology it is that of the group.
 */
export function choiceGroup(
  name: string,
  choices: readonly HTMLElement[],
  {document = globalThis.document}: {document?: Document} = {},
): HTMLFieldSetElement {
  const make = elementMaker(document);
  const shownName = make("span", {class: "choice-name", "aria-hidden": "true"}, name);
  return make("fieldset", {class: "choice-control", "aria-label": name}, shownName, ...choices);
}
