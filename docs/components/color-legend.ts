import {elementMaker} from "./element-maker.js";
import {pagePalette} from "./palette.js";
import {valueColors} from "./run-colors.js";
import {seedKey} from "./sweep-axes.js";
import type {SweepDesk} from "./sweep-desk.js";

/** A menu for the axis that gives the colours, and what each colour stands for. */
export function colorLegend(
  desk: SweepDesk,
  {document = globalThis.document}: {document?: Document} = {},
): {element: HTMLElement} {
  const make = elementMaker(document);
  const select = make("select");
  select.addEventListener("change", () => desk.state.set({by: select.value}));
  const keys = make("span", {class: "color-keys"});
  const element = make(
    "div",
    {class: "color-legend"},
    make("label", {class: "select-control"}, make("span", {}, "Colour"), select),
    keys,
  );
  desk.subscribe(() => {
    const axes = desk.sweep().axes.filter(({key}) => key !== seedKey);
    const axis = desk.colorAxis();
    select.replaceChildren(...axes.map(({key, label}) => make("option", {value: key}, label)));
    element.hidden = axis === undefined;
    if (!axis) return;
    select.value = axis.key;
    const colors = valueColors(axis, pagePalette);
    keys.replaceChildren(
      ...axis.values.map((value, i) => make("span", {style: `color: ${colors[i]}`}, axis.format(value))),
    );
  }, ["by"]);
  return {element};
}
