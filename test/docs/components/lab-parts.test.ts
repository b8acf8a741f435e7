import {describe, expect, it, vi} from "vitest";
import {type LabRun, settingsKey} from "../../../docs/components/lab-bench.js";
import {lossCurve} from "../../../docs/components/lab-curves.js";
import {labFields} from "../../../docs/components/lab-fields.js";
import {labLossChart} from "../../../docs/components/lab-loss-chart.js";
import {labMap} from "../../../docs/components/lab-map.js";
import {probedStep, probedSteps, probeRows} from "../../../docs/components/lab-probes.js";
import {durationText, runEstimate, runStatus} from "../../../docs/components/lab-status.js";
import {labTakeaway} from "../../../docs/components/lab-takeaway.js";
import {runTitles} from "../../../docs/components/lab-titles.js";
import {waiting} from "../../../docs/components/lab-transport.js";
import {ownTexts} from "../../../docs/components/own-texts.js";
import type {LabProbe} from "../../../docs/components/recorded-probes.js";
import {runSeconds} from "../../../docs/components/run-seconds.js";
import {stepSlider} from "../../../docs/components/step-slider.js";
import type {MarkovDeclaration} from "../../../src/training/corpora/markov.js";
import type {RunSettings} from "../../../src/training/run-settings.js";
import {settingsForm} from "../../../src/training/settings-form.js";
import {page} from "./page.js";

const settings = {steps: 90, batch: 4, context: 8, layers: 2, width: 16, probeEvery: 30} as RunSettings;

const runOf = (changes: Partial<LabRun> = {}): LabRun => ({
  ...{settings, origin: "tab", status: "done", step: 90, losses: Array(90).fill(2), heldOutLoss: []},
  ...{
    postTraining: [],
    probes: [],
    floor: 0.65,
    parameters: 1000,
    vocabularySize: 27,
    seconds: 3,
    diverged: null,
  },
  ...{weightHash: null, engine: "engine", id: null, message: ""},
  ...changes,
});

const probe = (step: number, depth: number, lost: number | null, spread = 1): LabProbe => ({
  ...{
    step,
    depth,
    layer: ["embedding", "block 1 qkv", "head"][depth],
    tensor: "activation gradient",
    spread,
    largest: 1,
  },
  underflow: {e4m3fn: 0.5, e5m2: 0.25, fp16: 0},
  casts: lost === null ? [] : [{underflow: 0}, {underflow: lost}],
});
const probes = [0, 30, 60, 90].flatMap((step) => [
  probe(step, 0, null),
  probe(step, 1, 0.3),
  probe(step, 2, 0, 0),
]);

describe("lossCurve(run)", () => {
  it("has every step of a short run, and the mean of the last thirtieth", () => {
    const {raw, smooth} = lossCurve({losses: [3, 2, 1, 0], settings: {...settings, steps: 90}});
    expect(raw.map(({step}) => step)).toEqual([1, 2, 3, 4]);
    expect(smooth.map(({loss}) => loss)).toEqual([3, 2.5, 2, 1]);
  });

  it("has a few hundred points of a long run, the last step among them", () => {
    const losses = Array.from({length: 10_001}, (_, i) => i);
    const {raw} = lossCurve({losses, settings: {...settings, steps: 20_000}});
    expect(raw.length).toBeLessThan(400);
    expect(raw.at(-1)).toEqual({step: 10_001, loss: 10_000});
  });
});

it("durationText(seconds) is as exact as a wait needs", () => {
  expect([0.2, 4.4, 59.6, 130, 599, 1500, 3900].map(durationText)).toEqual([
    ...["1 s", "4 s", "1 min 0 s", "2 min 10 s", "9 min 59 s", "25 min", "1 h 5 min"],
  ]);
});

it("runEstimate(run, pace) says how large a run is and how long it takes where runs take so many times as long", () => {
  const whole = {recipe: "fp32", evaluateEvery: 0, evaluationBatches: 8};
  const run = {settings: {...settings, ...whole} as RunSettings, parameters: 1000};
  const {text, seconds} = runEstimate(run, {pace: 5 / runSeconds(run), isMeasured: true});
  expect(seconds).toBeCloseTo(5);
  expect(text).toBe("1,000 parameters, 90 steps of 32 tokens: about 5 s here.");
});

it("runStatus(run) says where a run stands", () => {
  const failed = (message: string) => runStatus(runOf({status: "failed", message}));
  expect(failed("no such layer")).toBe("Not trained: no such layer.");
  expect(failed("did you mean head?")).toBe("Not trained: did you mean head?");
  expect(runStatus(runOf({status: "running", step: 30, losses: [2.5]}))).toBe(
    "Step 30 of 90, loss 2.500, 320 tokens/s, 6 s left.",
  );
  expect(runStatus(runOf({heldOutLoss: [{step: 90, loss: 1.5}]}))).toBe(
    "90 steps in 3 s, held-out loss 1.500.",
  );
  const cast = (method: "gptq" | "nearest", heldOutLoss: number) => ({cast: "int4 row", method, heldOutLoss});
  expect(
    runStatus(
      runOf({
        heldOutLoss: [{step: 90, loss: 1.5}],
        postTraining: [cast("nearest", 1.75), cast("gptq", Number.NaN)],
      }),
    ),
  ).toBe(
    "90 steps in 3 s, held-out loss 1.500; with the weights then cast: int4 row 1.750, gptq int4 row no number.",
  );
  expect(runStatus(runOf({settings: {...settings, steps: 1}, step: 1}))).toBe("1 step in 3 s.");
  const [mine, same, other] = ["a", "a", "b"].map((weightHash) => runOf({weightHash}));
  expect(runStatus(mine, same)).toContain("Every bit of its weights is as recorded.");
  expect(runStatus(mine, other)).toContain("please report this");
  expect(runStatus(mine, {...other, engine: "older"})).toContain("another version of the engine");
});

describe("labTakeaway(runs)", () => {
  const shown = (name: "a" | "b", title: string, changes: Partial<LabRun>) => ({
    name,
    title,
    run: runOf(changes),
  });
  const heldOut = (loss: number) => ({heldOutLoss: [{step: 90, loss}]});

  it("compares what two runs reach", () => {
    const a = shown("a", "Standard", heldOut(1.6));
    expect(labTakeaway([a, shown("b", "AdamW", heldOut(1.4))])).toBe(
      "Run A, standard, reaches a held-out loss of 1.60. Run B, AdamW, reaches a held-out loss of 1.40: 0.20 nats per token lower.",
    );
    expect(labTakeaway([a, shown("b", "seed 2", heldOut(1.61))])).toMatch(/: hardly a difference\.$/);
    expect(labTakeaway([a, {...a, name: "b"}])).toBe(
      "Run A, standard, reaches a held-out loss of 1.60. Run B is the same: choose what differs.",
    );
    expect(labTakeaway([a])).toBe("Run A, standard, reaches a held-out loss of 1.60.");
  });

  it("compares runs that are under way at the same step, and with no final loss", () => {
    const falling = (step: number) => ({
      ...({status: "running", step} as const),
      losses: Array.from({length: step}, (_, i) => 4 - i / 100),
    });
    const [ahead, behind] = [shown("a", "x", falling(80)), shown("b", "y", falling(40))];
    expect(labTakeaway([ahead, behind])).toBe(
      "Run A, x, is at a loss of 3.65 after step 40. Run B, y, is at a loss of 3.65 after step 40: hardly a difference.",
    );
    expect(labTakeaway([shown("a", "x", heldOut(1.6)), behind])).toBe(
      "Run A, x, reaches a held-out loss of 1.60. Run B, y, is at a loss of 3.65 after step 40.",
    );
  });

  it("names divergence, learning nothing, and a run that is under way", () => {
    const diverged = shown("b", "x", {diverged: {step: 9, reason: ""}});
    expect(labTakeaway([shown("a", "y", heldOut(3.29)), diverged])).toBe(
      "Run A, y, learns nothing: a held-out loss of 3.29, where guessing gives 3.30. Run B, x, diverges in step 9.",
    );
    expect(labTakeaway([shown("a", "y", {status: "running", step: 10, losses: [4, 2]})])).toBe(
      "Run A, y, is at a loss of 3.00 after step 10.",
    );
    expect(labTakeaway([shown("a", "y", {status: "starting", losses: []})])).toBe("Training begins.");
    expect(labTakeaway([])).toContain("press Train");
    expect(labTakeaway([shown("a", "y", {status: "stopped", losses: []})])).toContain("press Train");
    expect(labTakeaway([shown("a", "y", {status: "failed", losses: []})])).toContain(
      "cannot be trained here",
    );
  });
});

it("runTitles(texts, fields) names what tells two runs apart, or scheme and recipe", () => {
  const fields = labFields(settingsForm(() => "").fields);
  const texts = Object.fromEntries(fields.map(({key, initial}) => [key, initial]));
  const titles = (a: object, b: object = {}) =>
    runTitles({a: {...texts, ...a}, b: {...texts, ...a, ...b}}, fields);
  expect(titles({})).toEqual({a: "Standard, fp32", b: "Standard, fp32"});
  expect(titles({forwardWeight: "int4"}).a).toBe("Standard, fp32 with other casts");
  expect(titles({forwardUnit: "exact float32"}).a).toBe("Standard, fp32 with other matrix units");
  expect(titles({forwardWeight: "int4", inputGradientUnit: "exact float32"}).a).toBe(
    "Standard, fp32 with other casts and matrix units",
  );
  expect(titles({}, {scheme: "unit", learningRate: "0.1"})).toEqual({a: "Standard", b: "Unit scaling"});
  expect(titles({}, {seed: "2"})).toEqual({a: "seed 1", b: "seed 2"});
  expect(titles({}, {lossScale: "64"})).toEqual({a: "the recipe’s loss scale", b: "loss scale 64"});
  expect(titles({}, {recipe: "fp8", width: "32", layers: "1", batch: "2"}).b).toBe("fp8, layers 1, 2 more");
});

it("the meaning of a recipe says which of its casts and matrix units are others", () => {
  const fields = labFields(settingsForm(() => "").fields, {fp8: "plain FP8"});
  const {meaningOf} = fields.find(({key}) => key === "recipe")!;
  const texts = {recipe: "fp8", query: "recipe", forwardWeight: "int4", forwardUnit: "h100-wgmma"};
  expect(meaningOf(texts)).toBe("plain FP8; but forward: weight in int4, forward: matrix unit h100-wgmma");
});

it("a field matters where the setting does something beside the others", () => {
  const fields = labFields(settingsForm(() => "").fields);
  const texts = Object.fromEntries(fields.map(({key, initial}) => [key, initial]));
  const hiddenBeside = (changes: object) =>
    fields.filter((field) => !field.matters({...texts, ...changes})).map(({key}) => key);
  expect(hiddenBeside({optimizer: "lion"})).toContain("firstMoment");
  expect(hiddenBeside({optimizer: "lion"})).not.toContain("momentumState");
  expect(hiddenBeside({scheme: "mup"})).not.toContain("attentionMultiplier");
  expect(hiddenBeside({scheme: "unit-mup"})).toContain("baseWidth");
  expect(hiddenBeside({residual: "running-mean"})).toContain("residualWeight");
  expect(hiddenBeside({sequenceLayer: "convolution"})).toEqual(
    expect.arrayContaining(["heads", "query", "softmaxOutput"]),
  );
  expect(hiddenBeside({normPlacement: "none"})).toContain("normOutput");
  expect(hiddenBeside({normPlacement: "none", queryKeyNorm: "true"})).not.toContain("normOutput");
});

it("waiting(runs) are those without a result, or all", () => {
  const [done, stopped] = [runOf(), runOf({status: "stopped"})];
  expect(waiting([{run: done}, {run: undefined}])).toEqual([{run: undefined}]);
  expect(waiting([{run: done}, {run: stopped}])).toEqual([{run: stopped}]);
  expect(waiting([{run: done}, {run: done}])).toHaveLength(2);
});

it("settingsKey(settings) does not depend on the order of the keys", () => {
  expect(settingsKey({width: 1, layers: 2} as RunSettings)).toBe(
    settingsKey({layers: 2, width: 1} as RunSettings),
  );
});

it("probedSteps(runs) and probedStep(run, at) find what was probed", () => {
  const run = runOf({probes});
  expect(probedSteps([run, runOf({probes: [probe(45, 0, 0)]})])).toEqual([0, 30, 45, 60, 90]);
  expect([null, 0, 59, 60].map((at) => probedStep(run, at))).toEqual([90, 0, 30, 60]);
  expect(probedStep(runOf(), null)).toBeUndefined();
});

describe("labMap(runs, options)", () => {
  const {document, window} = page();
  const runs = [{title: "A  x", steps: 90, rows: probeRows("A  x", probes)}];
  const options = {tensor: "activation gradient", lossIn: "recipe", document} as const;
  const texts = (chart: SVGSVGElement) => [...chart.querySelectorAll("text")].map((text) => text.textContent);

  it("writes the shares at the step, of the recipe's casts or of a format", () => {
    const chart = labMap(runs, options);
    expect(texts(chart)).toEqual(expect.arrayContaining(["–", "30%", "all 0"]));
    expect(chart.getAttribute("aria-label")).toBe(
      "Lost to zero, by layer and step. A  x: step 90: up to 30% lost, in block 1 qkv; 1 of 3 layers have nothing but zeros.",
    );
    expect(texts(labMap(runs, {...options, lossIn: "e5m2", at: 45}))).toEqual(
      expect.arrayContaining(["25%", "step 30: up to 25% lost, in embedding"]),
    );
  });

  it("tells layers with values beyond all numbers from those that lose nothing", () => {
    const rows = probeRows("A  x", [probe(0, 1, 0, Number.POSITIVE_INFINITY), probe(0, 2, 0)]);
    expect(texts(labMap([{title: "A  x", steps: 90, rows}], options))).toEqual(
      expect.arrayContaining(["∞", "0%", "1 of 2 layers have values beyond all numbers"]),
    );
  });

  it("has no cells narrower than a cross, however often the run is probed, and the shares of the latest step", () => {
    const often = Array.from({length: 1001}, (_, step) => probe(step, 1, step / 1000, step % 2));
    const chart = labMap([{title: "A  x", steps: 1000, rows: probeRows("A  x", often)}], {
      ...options,
      width: 390,
    });
    // The first rectangle is the row behind the cells.
    const [, ...lefts] = [...chart.querySelectorAll("rect")].map((rect) => Number(rect.getAttribute("x")));
    expect(lefts.length).toBeGreaterThan(20);
    for (const [i, left] of lefts.slice(1).entries()) expect(left - lefts[i]).toBeGreaterThanOrEqual(8);
    expect(texts(chart)).toContain("all 0");
    expect(
      texts(labMap([{title: "A  x", steps: 1000, rows: probeRows("A  x", often)}], {...options, at: 501})),
    ).toContain("50%");
  });

  it("draws a cell only where something is lost", () => {
    const chart = labMap(runs, options);
    const cells = [...chart.querySelectorAll("rect")].filter((rect) => rect.hasAttribute("fill-opacity"));
    expect(cells.map((cell) => Number(cell.getAttribute("fill-opacity")))).toEqual(
      Array(4).fill(expect.closeTo(Math.sqrt(0.3))),
    );
  });

  it("gives a single run all the room, so that a click on it is the step under it", () => {
    const chart = labMap(runs, {...options, width: 960});
    const widths = [...chart.querySelectorAll("rect")].map((rect) => Number(rect.getAttribute("width")));
    expect(Math.max(...widths)).toBeCloseTo(960 - 152 - 46);
  });

  it("has its headings over the names of the layers on a phone, one run or two", () => {
    for (const shown of [runs, [...runs, ...runs]]) {
      const chart = labMap(shown, {...options, width: 340});
      const title = [...chart.querySelectorAll("text")].find(({textContent}) => textContent === "A  x")!;
      let left = 0;
      for (let at: Element | null = title; at; at = at.parentElement) {
        left += Number(/^translate\((-?[\d.]+)/.exec(at.getAttribute("transform") ?? "")?.[1] ?? 0);
      }
      expect(left).toBeCloseTo(8, 0);
    }
  });

  it("chooses the step that is clicked, in either panel", () => {
    const onSelect = vi.fn();
    const chart = labMap([...runs, ...runs], {...options, onSelect, width: 960});
    chart.getBoundingClientRect = () => ({left: 0}) as DOMRect;
    const panelWidth = (960 - 152 - 46 - 76) / 2;
    const click = (clientX: number) => chart.dispatchEvent(new window.MouseEvent("click", {clientX}));
    click(152 + panelWidth / 2);
    click(152 + panelWidth + 76 + panelWidth / 2);
    click(60);
    expect(onSelect.mock.calls).toEqual([[45], [45]]);
  });
});

it("labLossChart(runs) ends each curve with its run and loss, and leaves explosions at the top", () => {
  const {document} = page();
  const run = runOf({losses: Array(90).fill(2)});
  const wild = runOf({losses: [3, 4, 1e9, 2e9]});
  const chart = labLossChart(
    [
      {name: "a", title: "x", run},
      {name: "b", title: "y", run: wild},
    ],
    {document},
  );
  const texts = [...chart.querySelectorAll("text")].map((text) => text.textContent);
  expect(texts).toEqual(
    expect.arrayContaining(["A  2.00", "B  1e9", "floor 0.65: the entropy of the language"]),
  );
  const lossTicks = texts.filter((text) => /^\d(\.\d)?$/.test(text!)).map(Number);
  expect(lossTicks.length).toBeGreaterThan(3);
  expect(Math.max(...lossTicks)).toBeLessThan(6);
});

it("labLossChart(runs) leaves the curve to be seen, however often the loss on held-out text is measured", () => {
  const {document} = page();
  const heldOutLoss = Array.from({length: 90}, (_, i) => ({step: i + 1, loss: 2}));
  const chart = labLossChart([{name: "a", title: "x", run: runOf({heldOutLoss})}], {document, width: 320});
  const lefts = [...chart.querySelectorAll("circle")].map((circle) => Number(circle.getAttribute("cx")));
  expect(lefts.length).toBeGreaterThan(10);
  expect(lefts.length).toBeLessThan(20);
  expect(lefts.at(-1)).toBeCloseTo(320 - 74 - 6);
  expect(
    labLossChart([{name: "a", title: "x", run: runOf({heldOutLoss: heldOutLoss.slice(-3)})}], {
      document,
    }).querySelectorAll("circle"),
  ).toHaveLength(2);
});

it("stepSlider(onChange) follows the latest step at its end, and plays through all of them", () => {
  vi.useFakeTimers();
  const {document, window} = page();
  const onChange = vi.fn();
  const slider = stepSlider(onChange, {document});
  slider.update([0, 30, 60], null);
  const input = slider.element.querySelector("input")!;
  expect(input.getAttribute("aria-valuetext")).toBe("60 (latest)");
  slider.update([0, 30, 60, 90], 30);
  expect(input.getAttribute("aria-valuetext")).toBe("30");
  input.value = "3";
  input.dispatchEvent(new window.Event("input"));
  expect(onChange).toHaveBeenLastCalledWith(null);
  slider.update([0, 30, 60, 90], null);
  onChange.mockClear();
  slider.element.querySelector("button")!.click();
  vi.runAllTimers();
  expect(onChange.mock.calls).toEqual([[0], [30], [60], [null]]);
  vi.useRealTimers();
});

it("ownTexts(declared, checksumOf) knows declared and given texts, and names what is missing", () => {
  const declaration = {kind: "markov", name: "markov"} as MarkovDeclaration;
  const texts = ownTexts({markov: {declaration, checksum: "m"}}, (bytes) => `sum of ${bytes.length}`);
  expect(texts.checksum("markov", "")).toBe("m");
  expect(() => texts.checksum("notes.txt", "")).toThrow(
    "corpus: this tab does not have the text “notes.txt”",
  );
  expect(texts.add({name: "notes.txt", bytes: new TextEncoder().encode("abab")})).toBe("sum of 4");
  expect(texts.checksum("notes.txt", "sum of 4")).toBe("sum of 4");
  expect(() => texts.checksum("notes.txt", "other")).toThrow("“notes.txt” is another text");
  const read = (corpus: string) =>
    texts.vocabularySize({corpus, corpusChecksum: "", vocabulary: "character"});
  expect([read("markov"), read("notes.txt")]).toEqual([27, 2]);
  expect([...texts.names().keys()]).toEqual(["markov", "notes.txt"]);
});
