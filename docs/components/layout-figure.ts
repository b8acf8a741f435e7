import {type BitState, bitView} from "./bit-view.js";
import {chartFigure} from "./chart-figure.js";
import type {Column} from "./column.js";
import {dragHandle} from "./drag-handle.js";
import {elementMaker} from "./element-maker.js";
import {layoutChart} from "./layout-chart.js";
import {type LayoutRow, layoutRows, layoutSentence, shownLayout} from "./layout-rows.js";
import {perFrame} from "./per-frame.js";
import type {SurfaceState} from "./surface-state.js";

const columns: readonly Column<LayoutRow>[] = [
  {name: "layout", value: ({layout}) => layout},
  {name: "exponentBits", value: ({exponentBits}) => exponentBits},
  {name: "mantissaBits", value: ({mantissaBits}) => mantissaBits},
  {name: "loss", value: ({loss}) => loss, format: (loss) => loss.toFixed(4)},
  {name: "what rounding adds", value: ({rise}) => rise, format: (rise) => rise.toPrecision(3)},
];

/** Bits beyond the sign that a number of the strip can have. */
const mostBits = 15;

/** The bits of a number with a boundary to drag, and the loss of every layout of as many bits. */
export function layoutFigure(
  state: SurfaceState,
  {document = globalThis.document}: {document?: Document} = {},
): HTMLElement {
  const make = elementMaker(document);
  const layout = () => shownLayout(state.view());
  const total = () => layout().exponentBits + layout().mantissaBits;
  const choose = (exponentBits: number, bits = total()) =>
    state.setValues({exponentBits, mantissaBits: bits - exponentBits});
  const limits = () => {
    const [exponents, mantissas] = (["exponentBits", "mantissaBits"] as const).map(
      (name) => state.view().surface.axes.find((axis) => axis.name === name)!.range[1],
    );
    return {exponents, mantissas};
  };
  /** Pixels from one cell to the next. */
  const pitch = () => {
    const cell = strip.element.querySelector(".bit");
    return cell ? cell.getBoundingClientRect().width + 3 : 43;
  };
  const boundary = dragHandle({
    label: "Boundary between exponent and mantissa",
    value: () => layout().exponentBits,
    minimum: () => Math.max(0, total() - limits().mantissas),
    maximum: () => Math.min(total(), limits().exponents),
    text: () => `${layout().exponentBits} exponent bits, ${layout().mantissaBits} mantissa bits`,
    pitch,
    onChange: (exponentBits) => choose(exponentBits),
    document,
  });
  const end = dragHandle({
    label: "Width",
    value: () => layout().mantissaBits,
    minimum: () => 0,
    maximum: () => Math.min(limits().mantissas, mostBits - layout().exponentBits),
    text: () => `${total() + 1} bits`,
    pitch,
    onChange: (mantissaBits) => state.setValues({exponentBits: layout().exponentBits, mantissaBits}),
    document,
  });
  const bits = (): BitState => {
    const {exponentBits, mantissaBits} = layout();
    return {
      fields: [
        {meaning: "sign", label: "sign", bits: 1},
        {
          meaning: "exponent",
          label: `exponent, ${exponentBits}`,
          bits: exponentBits,
          after: boundary.element,
        },
        {meaning: "mantissa", label: `mantissa, ${mantissaBits}`, bits: mantissaBits, after: end.element},
      ],
      bits: `0${"1".repeat(exponentBits)}${"0".repeat(mantissaBits)}`,
    };
  };
  const strip = bitView(bits(), {label: "Sign, exponent and mantissa bits", document});
  // A picture whose handles are to be found by assistive technology.
  strip.element.setAttribute("role", "group");
  strip.element.classList.add("layout-strip");
  const sentence = make("p", {class: "figure-sentence"});
  const rows = () => layoutRows(state.view());
  const figure = chartFigure<LayoutRow>({
    id: "layouts",
    caption:
      "Figure 3. What rounding adds to the loss with each layout of as many bits, by the law of Sun and others, which knows the exponent and " +
      "mantissa bits of weights and of the backward operands. A diamond: the best. Drag the handle between exponent and mantissa, or the one at the end.",
    source:
      "Bitscape, “Bit allocation”, figure 3. Computed in this page: Sun, Li, Xie and others 2025, arXiv 2501.02423.",
    controls: [strip.element, sentence],
    draw: ({palette, ...options}) =>
      layoutChart(rows(), {
        ...options,
        ...(palette ? {palette} : {onChoose: (exponentBits: number) => choose(exponentBits)}),
        exponentBits: layout().exponentBits,
        label: layoutSentence(rows(), state.view()),
      }),
    data: () => ({caption: `Every layout of ${total() + 1} bits`, rows: rows(), columns}),
    document,
  });
  const update = () => {
    strip.update(bits());
    boundary.update();
    end.update();
    sentence.textContent = layoutSentence(rows(), state.view());
    figure.update();
  };
  state.subscribe(perFrame(update, document.defaultView!));
  sentence.textContent = layoutSentence(rows(), state.view());
  return figure.element;
}
