import type {FitDiagnosis} from "../src/laws/diagnose-fit.js";
import {chartFigure} from "./chart-figure.js";
import {elementMaker} from "./element-maker.js";
import {emptyChart} from "./empty-chart.js";
import {fitSource} from "./law-sentences.js";
import type {LawsDesk} from "./laws-desk.js";
import {type PairPoint, pairChart} from "./pair-chart.js";

/** Two constants of all replicates against each other: which ones the runs tell only together. */
export function pairFigure(
  desk: LawsDesk,
  {
    diagnosis,
    document = globalThis.document,
  }: {diagnosis: () => FitDiagnosis | undefined; document?: Document},
): {element: HTMLElement; update: () => void} {
  const make = elementMaker(document);
  const menus = [make("select", {"aria-label": "Across"}), make("select", {"aria-label": "Upwards"})];
  const chosen = ["", ""];
  menus.forEach((menu, i) => {
    menu.addEventListener("change", () => {
      chosen[i] = menu.value;
      figure.update();
    });
  });
  const quantities = () => {
    const law = desk.law();
    return [
      ...law.constants.map(({name, symbol}, i) => ({
        name,
        symbol,
        of: (constants: readonly number[]) => constants[i],
      })),
      ...law.derived.map(({name, symbol, of}) => ({
        name,
        symbol,
        of: (constants: readonly number[]) => of(constants),
      })),
    ];
  };
  const axes = () => {
    const all = quantities();
    const [first, second] = [["B", "coefficient"], ["beta"]].map(
      (names, i) =>
        all.find(({name}) => name === chosen[i]) ??
        all.find(({name}) => names.includes(name)) ??
        all[i] ??
        all[0],
    );
    return [first, second] as const;
  };
  const points = (): PairPoint[] => {
    const [across, upwards] = axes();
    const result = diagnosis();
    if (!result || result.result.law !== desk.law().name) return [];
    return (result.result.bootstrap?.constants ?? [])
      .map((constants) => ({x: across.of(constants), y: upwards.of(constants)}))
      .filter(({x, y}) => Number.isFinite(x) && Number.isFinite(y));
  };
  const figure = chartFigure<PairPoint>({
    id: "pairs",
    caption:
      "Figure 5. Two constants in fits to redrawn tables, a point for each. A narrow, slanted cloud means that the runs tell the " +
      "two only together: one can be raised if the other follows. The cross is the fit itself.",
    source: () => fitSource("figure 5", desk),
    controls: menus.map((menu, i) =>
      make("label", {class: "select-control"}, make("span", {}, i === 0 ? "Across" : "Upwards"), menu),
    ),
    draw(options) {
      const all = points();
      if (all.length === 0) return emptyChart("Drawn once redrawn tables have been fitted.", options);
      const [across, upwards] = axes();
      const constants = diagnosis()!.result.constants.map(({value}) => value);
      return pairChart(all, {
        ...options,
        ...{across: across.symbol, upwards: upwards.symbol},
        fit: {x: across.of(constants), y: upwards.of(constants)},
      });
    },
    data: () => ({
      caption: "Two constants in fits to redrawn tables",
      rows: points(),
      columns: [
        {name: axes()[0].symbol, value: ({x}) => x, format: (value) => value.toPrecision(5)},
        {name: axes()[1].symbol, value: ({y}) => y, format: (value) => value.toPrecision(5)},
      ],
    }),
    document,
  });
  let listed = "";
  return {
    element: figure.element,
    update() {
      const law = desk.law().name;
      if (law !== listed) {
        listed = law;
        chosen.fill("");
        for (const [i, menu] of menus.entries()) {
          menu.replaceChildren(
            ...quantities().map(({name, symbol}) => make("option", {value: name}, symbol)),
          );
          menu.value = axes()[i].name;
        }
      }
      figure.update();
    },
  };
}
