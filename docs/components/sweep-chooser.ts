import {elementMaker} from "./element-maker.js";
import {selectControl} from "./select-control.js";
import type {SweepDesk} from "./sweep-desk.js";
import {sweepSizeText} from "./sweep-sentences.js";

/** A menu of the sweeps, with what the chosen one asks, in the words of its settings file. */
export function sweepChooser(
  desk: SweepDesk,
  {document = globalThis.document}: {document?: Document} = {},
): HTMLElement {
  const make = elementMaker(document);
  const {state, index} = desk;
  const counts = new Map(index.sweeps.map(({name, runs}) => [name, runs]));
  const menu = selectControl(state, "sweep", {
    label: "Sweep",
    labelOf: (name) => `${name} (${counts.get(name)} runs)`,
    document,
  });
  const comment = make("blockquote", {class: "sweep-comment"});
  const size = make("p", {class: "sweep-size"});
  const problem = make("p", {class: "field-error", role: "alert"});
  const element = make("div", {class: "sweep-chooser chart-figure"}, menu, comment, size, problem);
  desk.subscribe(() => {
    const {info} = desk.sweep();
    comment.replaceChildren(
      ...info.comment.split(/\n\s*\n/).map((text) => make("p", {}, text.replace(/\s+/g, " "))),
    );
    size.replaceChildren(
      sweepSizeText(desk.sweep()),
      " To compute them again: ",
      make("code", {}, `bitscape sweep ${info.name}`),
      ".",
    );
    problem.textContent = desk.problem() && `The sweep could not be read: ${desk.problem()}`;
  }, []);
  return element;
}
