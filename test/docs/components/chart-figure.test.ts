import {expect, it} from "vitest";
import {chartFigure} from "../../../docs/components/chart-figure.js";
import {emptyChart} from "../../../docs/components/empty-chart.js";
import {page} from "./page.js";

it("chartFigure(options) shows the first thousand rows of its data, and says where the others are", () => {
  const {window, document} = page();
  let rows = Array.from({length: 1001}, (_, step) => step);
  const {element, update} = chartFigure<number>({
    id: "steps",
    caption: "",
    source: "",
    draw: (options) => emptyChart("", options),
    data: () => ({caption: "Steps", rows, columns: [{name: "step", value: (step) => step}]}),
    document,
  });
  document.body.append(element);
  const details = element.querySelector("details")!;
  details.open = true;
  details.dispatchEvent(new window.Event("toggle"));
  const caption = () => element.querySelector("caption")!.textContent;
  expect(element.querySelectorAll("tbody tr")).toHaveLength(1000);
  expect(caption()).toBe("Steps. The first 1,000 of 1,001 rows: the CSV file has all.");
  rows = rows.slice(1);
  update();
  expect(element.querySelectorAll("tbody tr")).toHaveLength(1000);
  expect(caption()).toBe("Steps");
});
