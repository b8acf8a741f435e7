import {criticalTokensAfterTraining} from "../src/laws/critical-tokens.js";
import {bitColor} from "./bit-colors.js";
import {chartFigure} from "./chart-figure.js";
import type {Column} from "./column.js";
import {logSteps, logTicks} from "./critical-chart.js";
import type {CriticalChoices} from "./critical-choices.js";
import {criticalControl} from "./critical-control.js";
import {afterLaw} from "./critical-laws.js";
import {type CriticalRow, roundedSeries} from "./critical-rows.js";
import {ratioText} from "./critical-sentences.js";
import {type Curve, curveChart} from "./curve-chart.js";
import {emptyChart} from "./empty-chart.js";
import {constantOf, fittedValues, type OurFit} from "./our-fit.js";
import type {PageState} from "./page-state.js";
import {countText} from "./token-count.js";

interface Row {
  readonly bits: number;
  readonly tokens: number;
  readonly rise: number;
  readonly fitted: number | null;
}

const columns: readonly Column<Row>[] = [
  {name: "bits", value: ({bits}) => bits},
  {name: "tokens", value: ({tokens}) => tokens},
  {name: "measured rise", value: ({rise}) => rise, format: (x) => x.toFixed(4)},
  {name: "fitted rise", value: ({fitted}) => fitted, format: (x) => x.toFixed(4)},
];

/** Rises that can be drawn on a logarithmic axis; less is chance. */
const leastRise = 1e-3;

/** What rounding after training costs our models, and the published form fitted to it. */
export function criticalFitFigure(
  rows: readonly CriticalRow[],
  fits: readonly OurFit[],
  {
    state,
    document = globalThis.document,
  }: {readonly state: PageState<CriticalChoices>; readonly document?: Document},
): HTMLElement {
  const parameters = () => Number(state.get().model);
  const method = () => state.get().method as "nearest" | "gptq";
  const ourFit = () => fits.find(({data}) => data === `post-training-${method()}`);
  const plain = fits.find(({data}) => data === "plain");
  const say = () => fitSentence(ourFit(), plain, {parameters: parameters(), method: method()});
  const series = () =>
    roundedSeries(rows, {parameters: parameters(), method: method()}).filter(
      ({bits, points}) => bits >= 3 && bits <= 6 && points.length > 0,
    );
  const measured = (): Row[] => {
    const found = ourFit();
    return series().flatMap(({bits, points}) =>
      points.map(({tokens, rise}) => ({
        ...{bits, tokens, rise},
        fitted: found ? fittedRise(found, {parameters: parameters(), tokens, bits}) : null,
      })),
    );
  };
  const figure = chartFigure<Row>({
    id: "fit",
    caption:
      "Figure 2. What rounding after training adds to the loss of our models (dots, means over seeds), and the published form " +
      "with constants fitted to all of them at once, 3 to 6 bits (lines). Our constants hold for these models and this text.",
    source:
      "Bitscape, “Critical data”, figure 2. Runs: bitscape sweep post-training. Fit: loaders/our-laws.ts, refitted when the site is built.",
    controls: [
      criticalControl(state, "model", {figure: "fit", document}),
      criticalControl(state, "method", {figure: "fit", document}),
    ],
    sentence: say,
    draw(options) {
      const points = measured();
      if (points.length === 0)
        return emptyChart("The sweep post-training has not been published yet.", options);
      const ratios = points.map(({tokens}) => tokens / parameters());
      const domain = [Math.min(...ratios) / 1.3, Math.max(...ratios) * 1.3] as const;
      const highest = 1.5 * Math.max(...points.flatMap(({rise, fitted}) => [rise, fitted ?? 0]));
      const found = ourFit();
      const curves = series().flatMap(({bits, name, points: ofLine}): Curve[] => {
        const color = bitColor(bits);
        const dots: Curve = {
          ...{color, mark: "dots"},
          points: ofLine.map(({tokensPerParameter, rise}) => ({x: tokensPerParameter, y: rise})),
        };
        if (!found) return [dots];
        const line = logSteps(domain, 60).map((ratio) => ({
          x: ratio,
          y: fittedRise(found, {parameters: parameters(), tokens: ratio * parameters(), bits}),
        }));
        return [{name, color, mark: "line", points: line}, dots];
      });
      return curveChart(curves, {
        ...options,
        description: say(),
        x: {
          ...{type: "log", domain, label: "training tokens per parameter"},
          ...{ticks: logTicks(domain, options.width), format: (value: number) => String(Math.round(value))},
        },
        y: {
          ...{type: "log", domain: [leastRise, highest], label: "nats lost by rounding"},
          ...{
            ticks: logTicks([leastRise, highest], 200),
            format: (value: number) => String(Number(value.toPrecision(1))),
          },
        },
        nameWidth: 60,
      });
    },
    data: () => ({caption: "Nats lost by rounding after training", rows: measured(), columns}),
    document,
  });
  state.subscribe(figure.update, ["model", "method"]);
  return figure.element;
}

/** C_T·(D^γ_D/N^γ_N)·exp(-P/γ_post). */
export function fittedRise(
  fit: OurFit,
  {parameters, tokens, bits}: {readonly parameters: number; readonly tokens: number; readonly bits: number},
): number {
  const {C_T, gamma_D, gamma_N, gamma_post, b = 0} = fittedValues(fit);
  return C_T * tokens ** gamma_D * parameters ** -gamma_N * Math.exp(b - bits / gamma_post);
}

/** What the fit says, beside what the paper says of its own models; and where it puts the critical amount of text. */
export function fitSentence(
  fit: OurFit | undefined,
  plain: OurFit | undefined,
  {parameters, method}: {readonly parameters: number; readonly method: "nearest" | "gptq"},
): string {
  const [growth, size, decay] = ["gamma_D", "gamma_N", "gamma_post"].map((name) => constantOf(fit, name));
  if (!fit || !growth || !size || !decay) return "Too few runs have been published for a fit.";
  const range = ({value, interval}: typeof growth) =>
    `${value.toFixed(2)}${interval ? ` (${interval.map((end) => end.toFixed(2)).join(" to ")})` : ""}`;
  const ofSize =
    size.identified && !size.atBound
      ? `falls with N to the power ${range(size)}`
      : "does not fall with N in a way that these runs could tell";
  const {gamma_D, gamma_N, gamma_post} = afterLaw.values;
  const shape = `Fitted to ${fit.result.rows} points ${method === "gptq" ? "by GPTQ" : "to nearest"}, what rounding costs grows with D to the power ${range(growth)}, ${ofSize}, and falls to 1/e every ${range(decay)} bits. The paper, of its models: D to the power ${gamma_D.toFixed(2)}, N to the power −${gamma_N.toFixed(2)}, every ${gamma_post.toFixed(2)} bits.`;
  const [B, beta] = ["B", "beta"].map((name) => constantOf(plain, name));
  if (!B || !beta) return shape;
  const critical = criticalTokensAfterTraining(
    {...fittedValues(fit), B: B.value, beta: beta.value},
    {parameters, postTrainingBits: 3},
  );
  return `${shape} With our fit to runs that round nothing it puts the critical amount of text for ${countText(parameters)} parameters in 3 bits at ${ratioText(critical / parameters)} tokens for each.`;
}
