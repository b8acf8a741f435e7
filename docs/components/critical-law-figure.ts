import {chartFigure} from "./chart-figure.js";
import type {Column} from "./column.js";
import {criticalChart, logSteps} from "./critical-chart.js";
import {type CriticalChoices, chosenFormats, formatList} from "./critical-choices.js";
import {criticalControl} from "./critical-control.js";
import {
  afterLaw,
  afterTrainingLines,
  inLaw,
  inTrainingLines,
  type LawLine,
  outsideText,
} from "./critical-laws.js";
import {lawSentence, ratioText} from "./critical-sentences.js";
import type {PageState} from "./page-state.js";
import {sliderControl} from "./slider-control.js";
import {toggleControl} from "./toggle-control.js";
import {countLabel, countText} from "./token-count.js";

interface LawRow {
  readonly name: string;
  readonly parameters: number;
  readonly tokens: number;
  readonly loss: number;
  readonly critical: number;
}

const columns: readonly Column<LawRow>[] = [
  {name: "line", value: ({name}) => name},
  {name: "parameters", value: ({parameters}) => parameters},
  {name: "tokens", value: ({tokens}) => tokens, format: (x) => x.toExponential(2)},
  {name: "loss", value: ({loss}) => loss, format: (x) => x.toFixed(4)},
  {
    name: "critical tokens",
    value: ({critical}) => (Number.isFinite(critical) ? critical : null),
    format: (x) => x.toExponential(3),
  },
];

interface LawFigure {
  readonly id: string;
  readonly caption: string;
  readonly source: string;
  readonly law: typeof afterLaw;
  /** Choices that the figure follows. */
  readonly follows: readonly (keyof CriticalChoices)[];
  readonly sizeChoice: "size" | "trainingSize";
  readonly controls: (state: PageState<CriticalChoices>, document: Document) => Node[];
  readonly lines: (state: ReturnType<PageState<CriticalChoices>["get"]>) => readonly LawLine[];
  /** Tokens for each parameter, from and to. */
  readonly ratios: readonly [number, number];
}

interface FigureOptions {
  readonly state: PageState<CriticalChoices>;
  readonly document?: Document;
}

/** The published law of rounding after training, at its own scale. */
export const criticalAfterFigure = (options: FigureOptions): HTMLElement =>
  lawFigure(
    {
      id: "after-law",
      caption:
        "Figure 3. The published law of Kumar and others for models trained in 16 bits whose weights are rounded afterwards by GPTQ, " +
        "after the left of their figure 1. Their runs reach from 30 to 220 million parameters and from 1.5 to 26 billion tokens, " +
        "which the band marks; a circle is the critical amount of text for each parameter.",
      source:
        "Bitscape, “Critical data”, figure 3. Constants: Kumar and others 2024, arXiv 2411.04330, table 2.",
      law: afterLaw,
      follows: ["size"],
      sizeChoice: "size",
      controls: () => [],
      lines: ({size}) => afterTrainingLines(Number(size)),
      ratios: [1, 1e5],
    },
    options,
  );

/** The published law of training in floating point, at its own scale. */
export const criticalInFigure = (options: FigureOptions): HTMLElement =>
  lawFigure(
    {
      id: "in-law",
      caption:
        "Figure 4. The published law of Sun and others for models trained in few bits throughout (P2, P4 and P6), after their " +
        "figure 6. Their runs reach from 41 to 679 million parameters and from 10 to 105 billion tokens; a circle is the " +
        "critical amount of text for each parameter.",
      source: "Bitscape, “Critical data”, figure 4. Constants: Sun and others 2025, arXiv 2501.02423.",
      law: inLaw,
      follows: ["trainingSize", "formats", "block"],
      sizeChoice: "trainingSize",
      controls: (state, document) => [
        toggleControl(state, "formats", {
          legend: "Formats",
          values: formatList,
          labelOf: formatLabel,
          document,
        }),
        criticalControl(state, "block", {figure: "in-law", document}),
      ],
      lines: ({trainingSize, formats, block}) =>
        inTrainingLines(Number(trainingSize), {formats: chosenFormats(formats), block}),
      ratios: [1, 1e6],
    },
    options,
  );

const formatLabel = (format: string): string => (format === "E8M7" ? "E8M7 (BF16)" : format);

function lawFigure(
  {id, caption, source, law, follows, sizeChoice, controls, lines, ratios}: LawFigure,
  {state, document = globalThis.document}: FigureOptions,
): HTMLElement {
  const size = () => Number(state.get()[sizeChoice]);
  const say = (shown: readonly LawLine[]) =>
    lawSentence(shown, size(), outsideText(law, {parameters: size()}, countText));
  const steps = logSteps(ratios, 240);
  const figure = chartFigure<LawRow>({
    ...{id, caption, source},
    controls: [
      sliderControl(state, sizeChoice, {
        ...{label: "Parameters", labelOf: (value) => countText(Number(value)), document},
      }),
      ...controls(state, document),
    ],
    sentence: () => say(lines(state.get())),
    draw(options) {
      const shown = lines(state.get());
      const [low, high] = lossRange(shown, size(), ratios);
      const [from, to] = law.domain.tokens!.map((tokens) => tokens / size());
      return criticalChart(
        shown.map((line) => ({
          ...{name: line.name, color: line.color, isMeasured: false},
          points: steps.map((ratio) => point(line, ratio)),
          turn: turnOf(line),
        })),
        {
          ...options,
          description: say(shown),
          x: {domain: ratios, label: "training tokens per parameter", format: ratioLabel},
          y: {domain: [low, high], label: "loss by the law, nats per token"},
          stretch: {from, to, text: "tokens of the paper’s runs"},
        },
      );

      function point({name, lossAt}: LawLine, ratio: number) {
        const tokens = ratio * size();
        const loss = lossAt(tokens);
        return {
          ...{x: ratio, y: loss},
          title: `${name}\n${countText(tokens)} tokens, ${ratioText(ratio)} for each parameter\nloss by the law: ${loss.toFixed(3)}`,
        };
      }

      function turnOf(line: LawLine) {
        const ratio = line.critical / size();
        return ratio >= ratios[0] && ratio <= ratios[1] ? point(line, ratio) : undefined;
      }
    },
    data: () => ({
      caption: "The law's loss in nats per token",
      rows: lines(state.get()).flatMap(({name, critical, lossAt}) =>
        logSteps(ratios, 10).map((ratio) => {
          const tokens = ratio * size();
          return {name, parameters: size(), tokens, loss: lossAt(tokens), critical};
        }),
      ),
      columns,
    }),
    document,
  });
  state.subscribe(figure.update, [...follows]);
  return figure.element;
}

const ratioLabel = (ratio: number): string =>
  ratio < 1000 ? String(Number(ratio.toPrecision(2))) : countLabel(ratio);

/** So that every turn is seen, with some of the rise after it, and nothing of the losses with hardly any text. */
function lossRange(
  lines: readonly LawLine[],
  parameters: number,
  [from, to]: readonly [number, number],
): [number, number] {
  const lowest = lines.map(({critical, lossAt}) =>
    lossAt(Math.min(Math.max(critical, from * parameters), to * parameters)),
  );
  const low = Math.min(...lowest);
  const spread = Math.max(Math.max(...lowest) - low, 0.1);
  return [low - 0.08 * spread, Math.max(...lowest) + 0.6 * spread];
}
