import {elementMaker} from "./element-maker.js";
import type {LawsDesk} from "./laws-desk.js";

/** A menu of the tables of runs, with what the chosen one is. */
export function lawTableChooser(
  desk: LawsDesk,
  {document = globalThis.document}: {document?: Document} = {},
): HTMLElement {
  const make = elementMaker(document);
  const optionOf = (value: string, title: string, rows: number) =>
    make("option", {value}, `${title} (${rows.toLocaleString("en")} runs)`);
  const menu = make(
    "select",
    {},
    ...desk.tables.map(({name, title, runs}) => optionOf(name, title, runs.rows)),
  );
  menu.addEventListener("change", () => {
    if (menu.value !== "") desk.choose(menu.value);
  });
  const about = make("p", {class: "table-about"});
  let shown: unknown;
  desk.subscribe(() => {
    const table = desk.table();
    if (table === shown) return;
    shown = table;
    menu.querySelector('option[value=""]')?.remove();
    if (table.name === "") menu.prepend(optionOf("", table.title, table.runs.rows));
    menu.value = table.name;
    about.textContent = table.whyDropped
      ? `${table.about} Left out to begin with: ${table.whyDropped}.`
      : table.about;
  });
  return make(
    "div",
    {class: "law-table chart-figure"},
    make("label", {class: "select-control"}, make("span", {}, "Runs"), menu),
    about,
  );
}
