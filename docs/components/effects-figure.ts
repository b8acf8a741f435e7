import {listed} from "../src/laws/listed.js";
import {type AxisEffect, axisEffects} from "./axis-effects.js";
import {chartFigure} from "./chart-figure.js";
import type {Column} from "./column.js";
import {effectsChart} from "./effects-chart.js";
import {elementMaker} from "./element-maker.js";
import {emptyChart} from "./empty-chart.js";
import {perFrame} from "./per-frame.js";
import {rateKey, type SweepAxis, seedKey} from "./sweep-axes.js";
import type {SweepDesk} from "./sweep-desk.js";
import {sweepSource} from "./sweep-sentences.js";

/** What one setting does, everything else alike. */
export function effectsFigure(
  desk: SweepDesk,
  {document = globalThis.document}: {document?: Document} = {},
): HTMLElement {
  const make = elementMaker(document);
  const axisMenu = make("select");
  axisMenu.addEventListener("change", () => desk.state.set({axis: axisMenu.value, reference: ""}));
  const referenceMenu = make("select");
  referenceMenu.addEventListener("change", () => desk.state.set({reference: referenceMenu.value}));
  const effects = () => {
    const {runs, axes, spread} = desk.sweep();
    const comparison = desk.comparison();
    return comparison ? axisEffects(runs, axes, {...comparison, spread}) : [];
  };
  const figure = chartFigure<AxisEffect>({
    id: "effects",
    caption:
      "Figure 4. Pairs of runs that differ in one thing only: a circle for each pair, of means over the seeds that both have and at the " +
      "better of the learning rates that were tried; a bar for their median; ✕ where one side diverged. Shaded: what " +
      "seeds alone can do to a difference (two standard errors). The scale is linear there, logarithmic beyond.",
    source: () => sweepSource("figure 4", desk.sweep()),
    controls: [
      make("label", {class: "select-control"}, make("span", {}, "What"), axisMenu),
      make("label", {class: "select-control"}, make("span", {}, "against"), referenceMenu),
    ],
    sentence() {
      const comparison = desk.comparison();
      return comparison ? effectsClaim(effects(), comparison) : "";
    },
    draw(options) {
      const comparison = desk.comparison();
      const found = effects();
      if (!comparison || found.length === 0)
        return emptyChart("No two runs of this sweep differ in this alone.", options);
      return effectsChart(found, {...options, ...comparison, label: effectsClaim(found, comparison)});
    },
    data: () => ({caption: "Pairs that differ in one thing only", rows: effects(), columns: columns(desk)}),
    document,
  });
  const update = perFrame(() => {
    const comparison = desk.comparison();
    const possible = desk.sweep().axes.filter(({key}) => key !== seedKey && key !== rateKey);
    axisMenu.replaceChildren(...possible.map(({key, label}) => make("option", {value: key}, label)));
    if (comparison) {
      const {axis, reference} = comparison;
      axisMenu.value = axis.key;
      referenceMenu.replaceChildren(
        ...axis.values.map((value) => make("option", {value}, axis.format(value))),
      );
      referenceMenu.value = reference;
    }
    figure.update();
  }, document.defaultView!);
  desk.subscribe(update, ["axis", "reference"]);
  return figure.element;
}

/** Which differences of an axis stand out from what seeds do, in words; what does not is named. */
export function effectsClaim(
  effects: readonly AxisEffect[],
  {axis, reference}: {axis: SweepAxis; reference: string},
): string {
  const against = `${axis.label} ${axis.format(reference)}`;
  if (effects.length === 0) return `No run differs from one with ${against} in that alone.`;
  const known = effects.filter(({difference}) => difference !== null);
  const diverged = effects.length - known.length;
  const pairs = (count: number) => `${count} ${count === 1 ? "pair" : "pairs"}`;
  const failed = diverged > 0 ? ` In ${pairs(diverged)} one side diverged.` : "";
  if (known.length === 0) return `${pairs(effects.length)} differ from ${against} in that alone.${failed}`;
  if (known.some(({least}) => Number.isNaN(least)))
    return `${pairs(known.length)} differ from ${against} in that alone. Without replicates nothing says which of them are chance.${failed}`;
  const isWithin = ({difference, least}: AxisEffect) => Math.abs(difference!) <= least;
  const within = known.filter(isWithin).length;
  const higher = known.filter((effect) => !isWithin(effect) && effect.difference! > 0).length;
  const lower = known.length - within - higher;
  const unclear = axis.values.filter((value) => {
    const own = known.filter((effect) => effect.value === value);
    return own.length > 0 && own.every(isWithin);
  });
  const named =
    unclear.length > 0 && unclear.length < 8
      ? ` No pair tells ${listed(unclear.map(axis.format), "or")} from ${axis.format(reference)}.`
      : "";
  return `Against ${against}, of ${pairs(known.length)}: ${higher} end higher, ${lower} lower, and ${within} no further apart than seeds can put them.${named}${failed}`;
}

function columns(desk: SweepDesk): Column<AxisEffect>[] {
  const {axis, reference} = desk.comparison()!;
  return [
    {name: axis.label, value: ({value}) => axis.format(value)},
    {name: "everything else", value: ({context}) => context},
    {
      name: `nats above ${axis.format(reference)}`,
      value: ({difference}) => difference,
      format: (difference) => difference.toFixed(4),
    },
    {
      name: "seeds alone",
      value: ({least}) => (Number.isNaN(least) ? null : least),
      format: (least) => least.toFixed(4),
    },
  ];
}
