import {codeBits} from "../src/formats/decode.js";
import {formatProperties} from "../src/formats/derived.js";
import type {Format} from "../src/formats/format.js";
import {parseFormat} from "../src/formats/parse.js";
import {type Binade, binadesOf, sharedCount} from "./binades.js";
import {textForFormat, textOfBits} from "./cast-view.js";
import {chartFigure} from "./chart-figure.js";
import {choiceControl} from "./choice-control.js";
import {hexCode} from "./code-bits.js";
import type {Column} from "./column.js";
import {densityLine} from "./density-line.js";
import {formatChooser} from "./format-chooser.js";
import type {FormatsState} from "./formats-choices.js";
import {type LineValue, lineValues} from "./line-values.js";
import {roundedText} from "./number-text.js";
import {perFrame} from "./per-frame.js";
import {powerLabel} from "./power-label.js";
import {resetButton} from "./reset-button.js";
import {shownCast} from "./shown-cast.js";
import {fitting, textWidth} from "./text-width.js";
import {type LineScale, valueLine} from "./value-line.js";

/** Widest format of which every value is drawn. */
const markedBits = 8;

type Row = Readonly<Record<string, string | number | null>>;

/** All values of the chosen format, and of another one to compare with. */
export function numberLineFigure(
  state: FormatsState,
  {document = globalThis.document}: {document?: Document} = {},
): HTMLElement {
  const formats = (): Format[] => {
    const {format, versus} = state.get();
    const one = parseFormat(format);
    const other = versus === "none" ? one : parseFormat(versus);
    return other.name === one.name ? [one] : [one, other];
  };
  /** Values and binades only change with the formats, not with what is typed. */
  const valuesOf = remembered(lineValues);
  const binadesOfAll = remembered((shown) => shown.map(binadesOf));
  const choose = (row: LineValue) => {
    const isFirst = row.format === formats()[0].name;
    state.set({value: isFirst ? textOfBits(row.bits, state.get()) : String(row.value)});
  };
  const first = formatChooser({
    id: "line-format",
    label: "Format",
    value: state.get().format,
    onChange: (format) => state.set({format, value: textForFormat(state.get())}),
    document,
  });
  const second = formatChooser({
    id: "versus",
    label: "Compare with",
    value: state.get().versus,
    others: [{value: "none", detail: "nothing to compare with"}],
    onChange: (versus) => state.set({versus}),
    document,
  });
  const scale = choiceControl(state, "scale", {
    group: "line-scale",
    legend: "Scale",
    labelOf: (value) => (value === "binades" ? "by binade" : "linear"),
    document,
  });
  const figure = chartFigure<Row>({
    id: "line",
    caption:
      "Figure 2. Every value as a stroke: short where it is subnormal, pale where both formats have it. By binade, each " +
      "stretch from one power of two to the next is equally long, and only positive values are drawn. The diamond is the " +
      "value that was typed, the coloured stroke what became of it. Click a stroke to see its bits above. Beyond 8 bits " +
      "there are too many strokes: the heights then say how many values a binade has, doubling with every step.",
    source: "Bitscape, “Formats”, figure 2. Drawn from the formats’ definitions.",
    controls: [first.element, second.element, scale, resetButton(state, {document})],
    draw(options) {
      const shown = formats();
      const {view} = shownCast(state.get());
      const typed = Number.isFinite(view.typed) ? view.typed : undefined;
      const names = shown.map(({name}) => name);
      if (!areMarked(shown)) {
        const binades = binadesOfAll(shown);
        const onSelect = ({exponent}: Binade) => state.set({value: String(2 ** exponent)});
        const headings = lineHeadings(shown, {binades}, options);
        return densityLine(binades.flat(), {...options, formats: names, headings, typed, onSelect});
      }
      const rows = valuesOf(shown);
      return valueLine(rows, {
        ...options,
        formats: names,
        headings: lineHeadings(shown, {rows}, options),
        scale: state.get().scale as LineScale,
        selected: Number.parseInt(view.bits, 2),
        typed,
        onSelect: choose,
      });
    },
    data() {
      const shown = formats();
      const names = shown.map(({name}) => name).join(" and ");
      return areMarked(shown)
        ? {
            caption: `Values of ${names}`,
            rows: lineValues(shown).map(valueRow),
            columns: columnsOf(valueNames),
          }
        : {
            caption: `Values of ${names} in each binade`,
            rows: shown.flatMap(binadesOf).map(binadeRow),
            columns: columnsOf(binadeNames),
          };
    },
    document,
  });
  state.subscribe(
    perFrame(() => {
      const {format, versus} = state.get();
      first.update(format);
      second.update(versus);
      scale.hidden = !areMarked(formats());
      figure.update();
    }, document.defaultView!),
  );
  return figure.element;
}

/** The same function of formats, which knows its last answer. */
function remembered<Result>(compute: (formats: readonly Format[]) => Result) {
  let last: {names: string; result: Result} | undefined;
  return (formats: readonly Format[]): Result => {
    const names = formats.map(({name}) => name).join(" ");
    if (last?.names !== names) last = {names, result: compute(formats)};
    return last.result;
  };
}

const areMarked = (formats: readonly Format[]): boolean =>
  formats.every((format) => codeBits(format) <= markedBits);

/** What each format has, and what they share. */
function lineHeadings(
  formats: readonly Format[],
  counted: {rows: readonly LineValue[]} | {binades: readonly (readonly Binade[])[]},
  {width, document}: {width: number; document: Document},
): string[] {
  const isPositive = ({value}: LineValue) => value > 0;
  const count = (index: number) =>
    "rows" in counted
      ? counted.rows.filter((row) => row.format === formats[index].name && isPositive(row)).length
      : counted.binades[index].reduce((sum, binade) => sum + binade.count, 0);
  const places = formats.length > 1 ? [" above", " below"] : [""];
  const widthOf = textWidth(document);
  const lines = formats.map((format, i) => {
    const {smallest, largest} = formatProperties(format);
    const counts = `${format.name}${places[i]}: ${count(i).toLocaleString("en")} positive`;
    const limits = `${limit(smallest)} to ${limit(largest)}`;
    const texts = [`${counts} values, ${limits}`, `${counts}, ${limits}`];
    return fitting(texts, width, widthOf, {size: 13, weight: i === 0 ? 700 : 400});
  });
  if (formats.length === 1) return lines;
  const isTable = formats.some(({kind}) => kind === "codebook");
  if ("binades" in counted && isTable) return lines;
  const shared =
    "rows" in counted
      ? counted.rows.filter((row) => row.format === formats[0].name && isPositive(row) && row.isShared).length
      : sharedCount(counted.binades[0], counted.binades[1]);
  return [...lines, `${shared.toLocaleString("en")} of them are in both`];
}

function limit(x: number): string {
  const power = Math.log2(x);
  return Number.isInteger(power) && Math.abs(power) > 6 ? powerLabel(power) : roundedText(x, 5);
}

const valueNames = ["format", "code", "bits", "value", "kind", "in both"] as const;
const binadeNames = ["format", "from", "to", "values", "spacing", "subnormal"] as const;

const columnsOf = (names: readonly string[]): Column<Row>[] =>
  names.map((name) => ({name, value: (row) => row[name], format: String}));

const valueRow = ({format, bits, value, kind, isShared}: LineValue): Row => ({
  format,
  code: hexCode(bits),
  bits,
  value,
  kind,
  "in both": isShared ? "yes" : "no",
});

const binadeRow = ({format, exponent, count, spacing, isSubnormal}: Binade): Row => ({
  format,
  from: 2 ** exponent,
  to: 2 ** (exponent + 1),
  values: count,
  spacing: spacing === null ? null : 2 ** spacing,
  subnormal: isSubnormal ? "yes" : "no",
});
