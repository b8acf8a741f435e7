import {readFileSync} from "node:fs";
import {expect, it, vi} from "vitest";
import {doLawTask} from "../../../docs/components/do-law-task.js";
import type {TaskRequest} from "../../../docs/components/law-tasks.js";
import {laws, type RecordedLawFit} from "../../../docs/components/laws.js";
import type {TaskWorker} from "../../../docs/components/task-runner.js";
import {chinchillaTable} from "../../../loaders/law-tables.js";
import {fit as fitLaw} from "../../../src/laws/fit.js";
import {lawOf} from "../../../src/laws/index.js";
import {pageOptions} from "../../../src/laws/page-options.js";
import {runsOf} from "../../../src/laws/recorded-table.js";
import {page} from "./page.js";

const table = chinchillaTable();
const runs = runsOf(table);
const chinchilla = lawOf("chinchilla");
const recordedResult = fitLaw(chinchilla, runs, pageOptions(chinchilla, runs.rows, table.dropped));
const recorded: RecordedLawFit[] = [{table: "chinchilla", law: "chinchilla", result: recordedResult}];

/** A small table in which N and D are crossed and weights have few bits. */
const bits = {
  ...{name: "bits", title: "Few bits", about: "", rows: 24, dropped: [], whyDropped: "", law: "chinchilla"},
  columns: {
    parameters: Array.from({length: 24}, (_, i) => 1e6 * 2 ** (i % 4)),
    tokens: Array.from({length: 24}, (_, i) => 1e8 * 4 ** (Math.floor(i / 4) % 3)),
    weightBits: Array.from({length: 24}, (_, i) => (i < 12 ? null : 4)),
    loss: Array.from(
      {length: 24},
      (_, i) => 3 - 0.1 * (i % 4) - 0.2 * (Math.floor(i / 4) % 3) + (i < 12 ? 0 : 0.05),
    ),
  },
} as const;

/** For what a busy machine may take a while to compute. */
const patient = {timeout: 120_000, interval: 20};

/** A worker that does its tasks here, one after the other, and notices when it is ended. */
function workers(delay: number) {
  const requests: TaskRequest[] = [];
  const start = vi.fn((): TaskWorker => {
    let isEnded = false;
    const worker: TaskWorker = {
      onmessage: null,
      onerror: null,
      terminate: vi.fn(() => {
        isEnded = true;
      }),
      async postMessage(request: TaskRequest) {
        requests.push(request);
        const post = (data: object) => {
          if (!isEnded) worker.onmessage?.call(worker as Worker, {data} as MessageEvent);
        };
        await new Promise((resolve) => setTimeout(resolve, delay));
        if (isEnded) return;
        try {
          post({
            type: "done",
            result: await doLawTask(request, (done, of) => post({type: "progress", done, of})),
          });
        } catch (error) {
          post({type: "error", message: (error as Error).message});
        }
      },
    };
    return worker;
  });
  return {start, requests};
}

async function setUp({query = "", width = 960, delay = 5} = {}) {
  const {window, document} = page({url: `https://example.org/laws${query}`, width});
  vi.stubGlobal("document", document);
  const {start, requests} = workers(delay);
  const parts = laws({tables: [table, bits], recorded, formulas: {}, startWorker: start, document});
  for (const part of Object.values(parts)) document.body.append(part);
  const frame = () => new Promise((resolve) => window.requestAnimationFrame(resolve));
  const queryOf = () => new URL(window.location.href).search;
  const press = (element: Element | null | undefined, type = "click") => {
    element!.dispatchEvent(new window.Event(type, {bubbles: true}));
    return frame();
  };
  const button = (text: string) =>
    [...document.querySelectorAll("button")].find(({textContent, hidden}) => textContent === text && !hidden);
  const status = () => parts.bar.querySelector(".fit-status")!.textContent!;
  const fitted = () => vi.waitFor(() => expect(status()).toMatch(/^\d[\d,]* runs?/), patient);
  const constants = () => parts.constants.querySelector("svg")!.getAttribute("aria-label")!;
  const at = (element: Element, type: string, [x, y]: readonly [number, number]) => {
    element.dispatchEvent(new window.MouseEvent(type, {bubbles: true, button: 0, clientX: x, clientY: y}));
  };
  await frame();
  return {
    window,
    document,
    parts,
    press,
    frame,
    button,
    status,
    fitted,
    constants,
    query: queryOf,
    start,
    requests,
    at,
  };
}

/** Where the circle of a chart's first fitted run stands. */
function firstPoint(figure: Element): readonly [number, number] {
  const circle = [...figure.querySelectorAll("circle")].find(
    (element) => element.getAttribute("r") === "3.5",
  )!;
  return [Number(circle.getAttribute("cx")), Number(circle.getAttribute("cy"))];
}

it("laws() shows the recorded fit and starts no worker before something is changed", async () => {
  const {parts, start, status, constants} = await setUp();
  expect(start).not.toHaveBeenCalled();
  expect(parts.takeaway.textContent).toContain("Chinchilla, fitted to 240 runs, 5 dropped");
  expect(status()).toContain("Recorded when this site was built");
  expect(constants()).toMatch(/A 47\d/);
  expect(parts.tables.textContent).toContain("the five of the highest loss");
});

it("a click on a run drops it, and the constants follow; undo brings both back", async () => {
  const {parts, at, frame, fitted, constants, query, button, press} = await setUp();
  const before = constants();
  const chart = parts.predicted.querySelector("svg")!;
  const place = firstPoint(chart);
  at(chart, "pointerdown", place);
  at(chart, "pointerup", place);
  await frame();
  expect(query()).toMatch(/^\?drop=\d+$/);
  await fitted();
  expect(constants()).not.toBe(before);
  expect(parts.takeaway.textContent).toContain("239 runs, 6 dropped");
  expect(parts.bar.textContent).toContain("Most moved");
  await press(button("Undo"));
  expect(query()).toBe("");
  expect(constants()).toBe(before);
  await press(button("Redo"));
  expect(query()).toMatch(/^\?drop=/);
  expect(constants()).not.toBe(before);
});

it("a rectangle drops all runs in it", async () => {
  const {parts, at, frame, query, fitted} = await setUp();
  const chart = parts.residuals.querySelector("svg")!;
  at(chart, "pointerdown", [46, 20]);
  at(chart, "pointermove", [160, 280]);
  expect(chart.querySelector(".brush-box")).not.toBeNull();
  at(chart, "pointerup", [160, 280]);
  await frame();
  expect(query()).toMatch(/^\?drop=\d+[.-]/);
  await fitted();
  expect(chart.querySelector(".brush-box")).toBeNull();
});

it("the keyboard drops a run: the slider chooses it, Delete drops and restores it", async () => {
  const {parts, window, press, frame, fitted, query} = await setUp();
  const slider = parts.bar.querySelector<HTMLInputElement>("input[type=range]")!;
  slider.value = "1";
  await press(slider, "input");
  expect(slider.getAttribute("aria-valuetext")).toContain("loss 2.0774");
  expect(parts.predicted.querySelector('circle[r="8"]')).not.toBeNull();
  const remove = () => {
    slider.dispatchEvent(new window.KeyboardEvent("keydown", {key: "Delete", bubbles: true}));
    return frame();
  };
  await remove();
  await fitted();
  expect(slider.getAttribute("aria-valuetext")).toContain("dropped");
  expect(query()).toContain("drop=");
  await remove();
  await fitted();
  expect(query()).not.toContain("drop=");
});

it("a fit can be stopped, and started again", async () => {
  const {button, press, status, fitted, start} = await setUp({query: "?drop=7", delay: 300});
  expect(status()).toContain("Fitting Chinchilla to 239 runs");
  await press(button("Stop"));
  await vi.waitFor(() => expect(status()).toContain("stopped"), patient);
  expect(start).toHaveBeenCalledTimes(1);
  await press(button("Fit"));
  await fitted();
  expect(start).toHaveBeenCalledTimes(2);
});

it("another table or law is fitted as it is chosen, and nonsense in the address is ignored", async () => {
  const {parts, press, fitted, query} = await setUp({query: "?law=nothing&drop=x&table=none&delta=7"});
  expect(parts.takeaway.textContent).toContain("240 runs");
  const menu = parts.tables.querySelector("select")!;
  menu.value = "bits";
  await press(menu, "change");
  await fitted();
  expect(query()).toBe("?table=bits");
  const law = parts.law.querySelector("select")!;
  expect([...law.options].map(({value}) => value)).toContain("precision-weights");
  law.value = "precision-weights";
  await press(law, "change");
  await fitted();
  expect(query()).toBe("?table=bits&law=precision-weights");
  expect(parts.law.textContent).toContain("Kumar");
});

it("forms are compared when asked, on the same runs left out", async () => {
  const {parts, press, button} = await setUp();
  expect(parts.heldOut.textContent).toContain("Nothing is computed before you ask");
  await press(button("Compare all forms"));
  await vi.waitFor(() => expect(parts.heldOut.querySelectorAll("svg g[data-law]").length).toBe(4), patient);
  expect(parts.heldOut.querySelector(".figure-sentence")!.textContent).toMatch(
    /^Chinchilla predicts runs left out best/,
  );
});

it("the command line makes the same fit: the public table as it is, chosen runs from a file", async () => {
  const {parts, fitted, press} = await setUp();
  const command = () => parts.files.querySelector("pre")!.textContent;
  expect(command()).toBe(
    "bitscape fit chinchilla data/tables/chinchilla-replication.csv --drop-largest-losses 5",
  );
  const slider = parts.bar.querySelector<HTMLInputElement>("input[type=range]")!;
  await press(slider, "input");
  await press([...parts.bar.querySelectorAll("button")].find(({textContent}) => textContent === "Drop"));
  await fitted();
  expect(command()).toBe("bitscape fit chinchilla bitscape-runs.csv");
});

const csv = readFileSync("data/tables/chinchilla-replication.csv", "utf8");

async function paste(text: string) {
  const all = await setUp();
  const area = all.parts.own.querySelector("textarea")!;
  area.value = text;
  vi.stubGlobal("Blob", Blob);
  Object.assign(all.window, {Blob});
  await all.press(
    [...all.parts.own.querySelectorAll("button")].find(({textContent}) => textContent === "Use this text"),
  );
  const said = () => all.parts.own.querySelector("p[role=status]")!.textContent!;
  // Until the table has been read, the status is that of the fit before it.
  const fitted = async () => {
    await vi.waitFor(() => expect(said()).toMatch(/^[\d,]+ runs: /), patient);
    await all.frame();
    await all.fitted();
  };
  return {...all, said, fitted};
}

it("a pasted table is read and fitted, its columns found by their names", async () => {
  const {parts, fitted, said, query} = await paste(csv);
  await fitted();
  expect(said()).toContain('245 runs: parameters from "Model Size"');
  expect(parts.takeaway.textContent).toContain("fitted to 245 runs");
  expect(query()).toBe("");
  const [first] = parts.own.querySelectorAll<HTMLSelectElement>(".column-form select");
  expect(first.selectedOptions[0].textContent).toBe("Model Size");
});

it("columns that are not recognized can be chosen, and their markup stays text", async () => {
  const rows = csv.split("\n").slice(1).join("\n");
  const {parts, fitted, said, press, document} = await paste(
    `<img src=x onerror=alert(1)>,cost,"result, final"\n${rows}`,
  );
  await vi.waitFor(() => expect(said()).toContain("no column"), patient);
  expect(document.querySelector("img")).toBeNull();
  for (const [i, place] of [
    ["0", "0"],
    ["2", "1"],
    ["3", "2"],
  ]) {
    const select = parts.own.querySelectorAll<HTMLSelectElement>(".column-form select")[Number(i)];
    select.value = place;
    await press(select, "change");
    await vi.waitFor(() => expect(select.isConnected).toBe(false), patient);
  }
  await fitted();
  expect(parts.takeaway.textContent).toContain("fitted to 245 runs");
  expect(parts.own.querySelector("th")!.textContent).toBe("<img src=x onerror=alert(1)>");
});

it("rows that cannot be used are named and left out; a table without any is refused", async () => {
  const rows = csv.split("\n").slice(0, 60);
  const bad = await paste([...rows, "1e9,1e20,-3", "1e9,1e20,NaN", "1e9,1e20"].join("\n"));
  await bad.fitted();
  expect(bad.said()).toContain("3 of 62 rows cannot be used and are left out: line 61");
  const none = await paste("parameters,tokens,loss\n1e9,1e20,-3\n");
  await vi.waitFor(() => expect(none.said()).toContain("none of the 1 rows can be used"), patient);
  const pdf = await paste("%PDF-1.7\n\0\0\u0001binary");
  await vi.waitFor(() => expect(pdf.said()).toContain("could not be read"), patient);
});
