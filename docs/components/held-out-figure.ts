import {type FormError, hasManySizes} from "../src/laws/compare-forms.js";
import {laws} from "../src/laws/index.js";
import {listed} from "../src/laws/listed.js";
import {askedTask} from "./asked-task.js";
import {chartFigure} from "./chart-figure.js";
import {emptyChart} from "./empty-chart.js";
import {errorText, type HeldOutRow, heldOutChart} from "./held-out-chart.js";
import type {LawsDesk} from "./laws-desk.js";
import {perFrame} from "./per-frame.js";
import type {TaskRunner} from "./task-runner.js";

/** Which form predicts runs best that its constants have not seen. */
export function heldOutFigure(
  desk: LawsDesk,
  {
    recorded,
    runner,
    document = globalThis.document,
  }: {
    /** Forms compared when the site was built, by table. */
    recorded: Readonly<Record<string, readonly FormError[] | undefined>>;
    runner: TaskRunner;
    document?: Document;
  },
): HTMLElement {
  const isAsBegun = () => !desk.can().restore && desk.state.get().delta === desk.state.choices.delta.initial;
  const task = askedTask({
    label: "Compare all forms",
    key: () =>
      JSON.stringify([desk.table().name, desk.table().title, [...desk.dropped()], desk.state.get().delta]),
    known: () => (isAsBegun() && desk.table().name ? recorded[desk.table().name] : undefined),
    run(onProgress) {
      const {rows, columns} = desk.table().runs;
      const request = {laws: desk.table().laws, table: {rows, columns}, options: desk.options()};
      return runner.run({type: "compare", ...request}, onProgress);
    },
    stop: runner.stop,
    onResult: () => update(),
    document,
  });
  const rows = () => (task.result() ?? []).map(rowOf);
  const say = () => {
    const all = rows();
    if (all.length === 0) return "";
    const parts = hasManySizes(desk.table().runs)
      ? ""
      : " Runs of one size stand in several parts, since there are few sizes.";
    return `${heldOutSentence(all)}${parts}`;
  };
  const figure = chartFigure<HeldOutRow>({
    id: "held-out",
    caption:
      "Figure 4. Error on runs that were left out of the fit (bars), and on those in it (ticks), as the mean of their sizes; a star: the best, and what is no worse by two standard errors. The runs are " +
      "dealt to five parts, each of which is predicted by a fit to the other four; runs of equal N and D stay together " +
      "where there are ten such sizes or more. A form that only bends more closely to its runs gains nothing here.",
    source: () => `Bitscape, laws, figure 4: ${desk.table().title}, ${desk.dropped().size} runs dropped.`,
    controls: [task.element],
    sentence: say,
    draw(options) {
      const all = rows();
      if (all.length === 0) return emptyChart("Nothing is computed before you ask.", options);
      return heldOutChart(all, {...options, chosen: desk.law().name, label: say()});
    },
    data: () => ({
      caption: "Errors of the forms",
      rows: rows(),
      columns: [
        {name: "form", value: ({title}) => title},
        {name: "free constants", value: ({constants}) => constants},
        {
          name: "error on runs left out, %",
          value: ({heldOut}) => (Number.isFinite(heldOut) ? heldOut : null),
          format: errorText,
        },
        {
          name: "error on fitted runs, %",
          value: ({inSample}) => (Number.isFinite(inSample) ? inSample : null),
          format: errorText,
        },
        {name: "why there is no fit", value: ({problem}) => problem ?? ""},
      ],
    }),
    document,
  });
  const update = perFrame(() => {
    task.update();
    figure.update();
  }, document.defaultView!);
  desk.subscribe(update);
  return figure.element;
}

const rowOf = ({law, constants, heldOut, inSample, isAmongBest, problem}: FormError): HeldOutRow => ({
  ...{law, title: laws[law].title, constants, isAmongBest, problem},
  heldOut: heldOut === null ? Number.NaN : heldOut * 100,
  inSample: inSample === null ? Number.NaN : inSample * 100,
});

/** Which form wins, and by how much; forms that cannot be told from it are named. */
export function heldOutSentence(rows: readonly HeldOutRow[]): string {
  const known = rows.filter(({heldOut}) => Number.isFinite(heldOut));
  if (known.length === 0) return "None of the forms can be fitted to these runs.";
  const [best, ...others] = known;
  if (others.length === 0) return `${best.title}: ${errorText(best.heldOut)} on runs left out.`;
  const near = others.filter(({isAmongBest}) => isAmongBest);
  const next = others.find(({isAmongBest}) => !isAmongBest);
  const tied =
    near.length === 0
      ? ""
      : near.length > 4
        ? ` ${near.length} other forms are as good, within two standard errors.`
        : ` ${listed(near.map(({title}) => title))} ${near.length === 1 ? "is" : "are"} as good, within two standard errors.`;
  const behind = next
    ? ` ${near.length > 0 ? "Then comes" : "Next is"} ${next.title} with ${errorText(next.heldOut)}.`
    : "";
  return `${best.title} predicts runs left out best, to ${errorText(best.heldOut)}.${tied}${behind}`;
}
