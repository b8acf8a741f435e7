import {elementMaker} from "./element-maker.js";
import type {SweepDesk} from "./sweep-desk.js";

/** What the chosen sweep shows, a sentence or two to each point; hidden where nothing has been written down. */
export function findingsList(
  desk: SweepDesk,
  {document = globalThis.document}: {document?: Document} = {},
): HTMLElement {
  const make = elementMaker(document);
  const list = make("ul", {class: "findings"});
  desk.subscribe(() => {
    const {findings} = desk.sweep().info;
    list.hidden = findings.length === 0;
    list.replaceChildren(...findings.map((finding) => make("li", {}, finding)));
  }, []);
  return list;
}
