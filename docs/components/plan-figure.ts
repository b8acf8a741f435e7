import {questionText} from "../src/laws/plan-question.js";
import {chartFigure} from "./chart-figure.js";
import {perFrame} from "./per-frame.js";
import {type PlanPoint, planChart, planPoints} from "./plan-chart.js";
import {planColumns} from "./plan-columns.js";
import type {PlanDesk} from "./plan-desk.js";

/** What each law loses with other bits than its best, for the question that the page asks. */
export function planFigure(
  desk: PlanDesk,
  {document = globalThis.document}: {document?: Document} = {},
): HTMLElement {
  const figure = chartFigure<PlanPoint>({
    id: "bits",
    caption:
      "Figure 1. For each law and each number of bits the best size and amount of text that the question allows, and how " +
      "much their loss lies above the law’s own best. Rings mark recommendations: filled where parameters, tokens and bits " +
      "lie in the range of the runs that the law was fitted to. Pale lines: bits outside that range.",
    source:
      "Bitscape, “Plan”, figure 1. Constants as published by the papers named, or fitted to our own runs.",
    draw: (options) => {
      const {question, advices} = desk.answer();
      return planChart(advices, {question, laws: desk.laws.map(({planLaw}) => planLaw), ...options});
    },
    data: () => {
      const {question, advices} = desk.answer();
      return {caption: questionText(question), rows: planPoints(advices, question), columns: planColumns};
    },
    document,
  });
  desk.state.subscribe(perFrame(figure.update, document.defaultView!));
  return figure.element;
}
