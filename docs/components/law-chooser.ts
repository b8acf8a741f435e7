import {laws} from "../src/laws/index.js";
import type {Source} from "../src/laws/source.js";
import {choiceControl} from "./choice-control.js";
import {elementMaker} from "./element-maker.js";
import {deltaText} from "./law-sentences.js";
import {canTie, type LawsDesk} from "./laws-desk.js";
import {selectControl} from "./select-control.js";
import {symbolElement} from "./symbol-text.js";

/** The law: its formula, where it is from, what its constants mean; and how it is fitted. */
export function lawChooser(
  desk: LawsDesk,
  {
    formulas,
    document = globalThis.document,
  }: {
    /** MathML of each law's formula, made when the site was built. */
    formulas: Readonly<Record<string, string>>;
    document?: Document;
  },
): HTMLElement {
  const make = elementMaker(document);
  const menu = make("select");
  menu.addEventListener("change", () => desk.state.set({law: menu.value}));
  const formula = make("div", {class: "law-formula"});
  const source = make("p", {class: "chart-source"});
  const constants = make("dl", {class: "facts"});
  const tied = choiceControl(desk.state, "tied", {
    group: "tied",
    legend: "α and β",
    labelOf: (value) => (value === "" ? "as published" : value === "yes" ? "equal" : "each its own"),
    document,
  });
  const element = make(
    "section",
    {class: "law-chooser chart-figure", "aria-label": "Law"},
    make(
      "div",
      {class: "chart-controls"},
      make("label", {class: "select-control"}, make("span", {}, "Law"), menu),
      selectControl(desk.state, "delta", {
        label: "δ of Huber's loss",
        labelOf: (value) => (value === "none" ? deltaText(null) : value),
        document,
      }),
      tied,
    ),
    formula,
    source,
    make("details", {}, make("summary", {}, "What its constants mean"), constants),
  );
  let shown = "";
  desk.subscribe(() => {
    const law = desk.law();
    const table = desk.table();
    const key = `${law.name} ${table.name} ${table.title}`;
    if (key === shown) return;
    shown = key;
    menu.replaceChildren(...table.laws.map((name) => make("option", {value: name}, laws[name].title)));
    menu.value = law.name;
    tied.hidden = !canTie(law);
    // Made by our own build from our own formulas.
    formula.innerHTML = formulas[law.name] ?? "";
    if (!formulas[law.name]) formula.textContent = law.formula;
    source.replaceChildren(...sourceNodes(law.source, document));
    constants.replaceChildren(
      ...law.constants.map(({symbol, meaning}) =>
        make("div", {}, make("dt", {}, symbolElement(symbol, {document})), make("dd", {}, meaning)),
      ),
    );
  });
  return element;
}

/** A citation, with a link where there is one. */
function sourceNodes({authors, year, title, arxiv, where}: Source, document: Document): (Node | string)[] {
  const make = elementMaker(document);
  const link = arxiv ? [make("a", {href: `https://arxiv.org/abs/${arxiv}`}, `arXiv:${arxiv}`)] : [];
  return [
    `${authors} (${year}). `,
    make("em", {}, title),
    ". ",
    ...link,
    where ? `, ${where}.` : arxiv ? "." : "",
  ];
}
