import {describe, expect, it, vi} from "vitest";
import {type LabData, lab} from "../../../docs/components/lab.js";
import {experiments} from "../../../docs/components/lab-experiments.js";
import type {TrainingWorker} from "../../../docs/components/run-in-tab.js";
import {labRuns} from "../../../loaders/lab-runs.js";
import type {RunReport, RunRequest} from "../../../src/training/browser-worker.js";
import {declarationChecksum, readDeclarations} from "../../../src/training/corpora/declarations.js";
import type {Probe, RunRecord} from "../../../src/training/run-record.js";
import type {RefusalQuestion, RunRefusal} from "../../../src/training/run-refusal.js";
import * as settings from "../../../src/training/settings-form.js";
import {page} from "./page.js";

const checksum = declarationChecksum(readDeclarations().get("markov")!);
const [opening] = experiments;
const settingsOf = (texts: Record<string, string>) =>
  settings.settingsForm(() => checksum).check(texts).settings!;

const probe = (step: number, depth: number, tensor: Probe["tensor"]): Probe => ({
  ...{step, depth, layer: depth === 0 ? "embedding" : "head", tensor, elements: 100, mean: 0},
  ...{spread: depth === 0 ? 0 : 2 ** -8, largest: 1, zeros: 0, histogram: []},
  underflow: {e4m3fn: 0.5, e5m2: 0.25, fp16: 0},
  overflow: {e4m3fn: 0, e5m2: 0, fp16: 0},
  casts: [{product: "forward", cast: "e4m3fn", signalToNoise: 100, underflow: 0.75, overflow: 0, codes: 0.5}],
  ...{gradientToNoise: null, updates: null},
});

const record = (texts: Record<string, string>, loss: number): RunRecord =>
  ({
    ...{id: "0123456789abcdef0123", version: 2, engine: "engine", settings: settingsOf(texts)},
    ...{parameters: 59_904, tokens: 153_600, vocabularySize: 27, floor: 0.65, diverged: null},
    trainingLoss: Array.from({length: 150}, (_, i) => loss + (3.3 - loss) / (1 + i)),
    heldOutLoss: [50, 100, 150].map((step) => ({step, loss})),
    probes: [0, 75, 150].flatMap((step) =>
      [0, 1].flatMap((depth) =>
        (["activation", "activation gradient"] as const).map((tensor) => probe(step, depth, tensor)),
      ),
    ),
    ...{
      weightHash: `${loss}`.padEnd(64, "a"),
      postTraining: [],
      timing: {seconds: 5, tokensPerSecond: 30_720},
    },
  }) as unknown as RunRecord;

const recorded = [
  record(opening.a, 3.31),
  record({...opening.a, ...opening.b}, 1.42),
  // Of a third of the steps, so that its time is not that of all.
  {
    ...record({...opening.a, seed: "9"}, 3),
    diverged: {step: 50, reason: ""},
    timing: {seconds: 1},
  } as RunRecord,
];
const data = JSON.parse(JSON.stringify(labRuns(recorded))) as LabData;

/** The page in a document, with workers that do only what the test says. */
async function setUp(query = "") {
  const {window, document} = page({url: `https://example.org/lab${query}`});
  // No rest between drawings.
  Object.assign(window, {setTimeout: (callback: () => void) => callback()});
  const posted: RunRequest[][] = [];
  const workers: TrainingWorker[] = [];
  const startWorker = () => {
    const requests: RunRequest[] = [];
    posted.push(requests);
    const worker = {
      postMessage: (request: RunRequest) => requests.push(request),
      terminate: vi.fn(),
      onmessage: null,
      onerror: null,
    } as unknown as TrainingWorker;
    workers.push(worker);
    return worker;
  };
  const asked: RefusalQuestion[] = [];
  const refusalWorker = {
    postMessage: (question: RefusalQuestion) => asked.push(question),
    terminate: () => {},
  } as unknown as TrainingWorker;
  const refuse = (refusal: RunRefusal) =>
    (refusalWorker.onmessage as (event: object) => void)({data: {refusal}});
  const startRefusalWorker = () => refusalWorker;
  const parts = lab(data, {settings, startWorker, startRefusalWorker, document});
  document.body.append(parts.chooser, parts.takeaway, parts.bench, parts.lost, parts.spread, parts.files);
  const frame = () => new Promise((resolve) => window.requestAnimationFrame(resolve));
  await frame();
  const send = (worker: number, report: RunReport) =>
    (workers[worker].onmessage as (event: object) => void)({data: report});
  const button = (name: string) =>
    [...document.querySelectorAll("button")].find(
      (candidate) => (candidate.getAttribute("aria-label") ?? candidate.textContent) === name,
    )!;
  const line = (run: "a" | "b") => document.querySelectorAll(".run-line")[run === "a" ? 0 : 1].textContent!;
  const field = (key: string, run: "a" | "b") =>
    document.querySelector<HTMLInputElement & HTMLSelectElement>(`[data-key="${key}"] .run-${run}`)!;
  const type = async (key: string, run: "a" | "b", value: string) => {
    field(key, run).value = value;
    const kind = field(key, run).tagName === "SELECT" ? "change" : "input";
    field(key, run).dispatchEvent(new window.Event(kind, {bubbles: true}));
    await frame();
  };
  const refusals = {asked, refuse};
  return {window, document, parts, posted, workers, refusals, frame, send, button, line, field, type};
}

/** A window that keeps what is to be told of elements coming into sight. */
interface SeeingWindow {
  readonly seen: readonly ((entries: readonly {isIntersecting: boolean}[]) => void)[];
}

const isUnavailable = (button: Element) => button.getAttribute("aria-disabled") === "true";

const news = (step: number, losses: number[], isPaused = false): RunReport => ({
  ...{type: "news", step, losses, heldOutLoss: [], probes: [], seconds: step / 10, isPaused},
});

describe("lab(data)", () => {
  it("begins with recorded runs, and starts no worker", async () => {
    const {parts, posted, line, document} = await setUp();
    expect(parts.takeaway.textContent).toBe(
      "Run A, standard, learns nothing: a held-out loss of 3.31, where guessing gives 3.30. " +
        "Run B, unit scaling, reaches a held-out loss of 1.42: 1.89 nats per token lower.",
    );
    expect(line("a")).toContain("Recorded: 150 steps, held-out loss 3.310");
    expect(posted).toEqual([]);
    for (const figure of document.querySelectorAll("figure")) {
      expect(figure.querySelector("svg :is(path, circle, rect, line)")).not.toBeNull();
    }
    expect(parts.lost.querySelector("svg")!.getAttribute("aria-label")).toContain(
      "A  Standard: step 150: up to 75% lost, in embedding; 1 of 2 layers have nothing but zeros",
    );
  });

  it("trains both runs when asked, shows where they are, and compares their bits with the recorded ones", async () => {
    const {posted, send, button, line, frame, workers, parts, document} = await setUp();
    button("Train both here").click();
    await frame();
    expect(posted).toHaveLength(2);
    expect(posted[0]).toEqual([
      {
        type: "start",
        settings: recorded[0].settings,
        corpus: data.corpora.markov.declaration,
        steps: undefined,
      },
    ]);
    expect(document.querySelector("fieldset")!.disabled).toBe(true);
    send(0, {type: "started", parameters: 59_904, vocabularySize: 27, floor: 0.65});
    send(0, news(30, Array(30).fill(2)));
    await frame();
    expect(line("a")).toContain("Step 30 of 150, loss 2.000, 10,240 tokens/s, 12 s left");
    expect(document.title).toMatch(/^10 %/);
    send(0, {type: "done", record: {...recorded[0], probes: []}});
    send(1, {type: "done", record: {...recorded[1], weightHash: "other", probes: []}});
    await frame();
    expect(line("a")).toContain("Every bit of its weights is as recorded.");
    expect(line("b")).toContain("Its weights differ from the recorded ones though the engine is the same");
    expect(workers[0].terminate).toHaveBeenCalled();
    expect(button("Train both again")).toBeDefined();
    expect(parts.files.textContent).toContain(recorded[0].weightHash);
  });

  it("pauses, goes on, goes single steps, and stops", async () => {
    const {posted, send, button, line, frame} = await setUp("?compare=no");
    button("One step").click();
    expect(posted[0][0]).toMatchObject({type: "start", steps: 1});
    send(0, news(1, [3.3], true));
    await frame();
    expect(line("a")).toContain("Paused after step 1 of 150, loss 3.300");
    button("10 steps").click();
    expect(posted[0].at(-1)).toEqual({type: "go", steps: 10});
    send(0, news(11, Array(10).fill(3.2), true));
    await frame();
    button("Go on").click();
    expect(posted[0].at(-1)).toEqual({type: "go", steps: undefined});
    await frame();
    button("Pause").click();
    expect(posted[0].at(-1)).toEqual({type: "pause"});
    button("Stop").click();
    await frame();
    expect(line("a")).toContain("Stopped after step 11 of 150, loss 3.200");
    expect(button("Train here")).toBeDefined();
  });

  it("lets both runs rest at the step of the one that is ahead, and says where the other still goes", async () => {
    const {posted, send, button, line, frame, document} = await setUp();
    const note = () => document.querySelector(".transport-note")!.textContent;
    button("Train both here").click();
    send(0, news(30, Array(30).fill(2)));
    send(1, news(22, Array(22).fill(2)));
    await frame();
    button("Pause").click();
    expect(posted.map((requests) => requests.at(-1))).toEqual([{type: "pause"}, {type: "pause"}]);
    send(0, news(31, [2], true));
    expect(posted[0].at(-1)).toEqual({type: "pause"});
    send(1, news(23, [2], true));
    expect(posted[1].at(-1)).toEqual({type: "go", steps: 8});
    await frame();
    // Eight steps of a tenth of a second each.
    expect(note()).toBe(
      "Run A rests. Run B goes on to the same step, 31: about 1 s. “Pause now” holds it where it is.",
    );
    expect(button("Pause")).toBeUndefined();
    expect(isUnavailable(button("One step"))).toBe(true);
    send(1, news(31, Array(8).fill(2), true));
    await frame();
    expect(line("a")).toContain("Paused after step 31 of 150");
    expect(line("b")).toContain("Paused after step 31 of 150");
    expect(note()).toBe("Settings can be changed once the runs end.");
    expect(posted.map((requests) => requests.length)).toEqual([2, 3]);
  });

  it("holds both runs where they are when it is asked to pause twice; the next step brings them together", async () => {
    const {posted, send, button, frame, document} = await setUp();
    const note = () => document.querySelector(".transport-note")!.textContent;
    button("Train both here").click();
    send(0, news(30, Array(30).fill(2)));
    await frame();
    button("Pause").click();
    send(0, news(31, [2], true));
    send(1, news(2, [2, 2], true));
    await frame();
    expect(note()).toContain("Run B goes on to the same step, 31: about 3 s. “Pause now” holds it");
    button("Pause now").click();
    await frame();
    expect(note()).toBe("Settings can be changed once the runs end.");
    send(1, news(4, [2, 2], true));
    await frame();
    expect(posted[1].at(-1)).toEqual({type: "pause"});
    expect(note()).toBe("The runs rest at different steps: the next step brings them together.");
    button("One step").click();
    expect(posted.map((requests) => requests.at(-1))).toEqual([
      {type: "go", steps: 1},
      {type: "go", steps: 28},
    ]);
    send(0, news(32, [2], true));
    send(1, news(32, Array(28).fill(2), true));
    await frame();
    button("Go on").click();
    expect(posted.map((requests) => requests.at(-1))).toEqual([
      {type: "go", steps: undefined},
      {type: "go", steps: undefined},
    ]);
  });

  it("lets a run rest where it is when the other ends while both are to pause", async () => {
    const {posted, send, button, line, frame} = await setUp();
    button("Train both here").click();
    send(0, news(140, Array(140).fill(2)));
    send(1, news(22, Array(22).fill(2)));
    await frame();
    button("Pause").click();
    send(1, news(23, [2], true));
    send(0, news(150, Array(10).fill(2), true));
    send(0, {type: "done", record: {...recorded[0], probes: []}});
    await frame();
    expect(line("b")).toContain("Paused after step 23 of 150");
    expect(posted[1].at(-1)).toEqual({type: "pause"});
    button("One step").click();
    expect(posted[1].at(-1)).toEqual({type: "go", steps: 1});
  });

  it("takes a change for B alone, trains only what has no result, and keeps the other", async () => {
    const {type, posted, button, window, line} = await setUp();
    await type("steps", "b", "20");
    expect(new URL(window.location.href).search).toBe("?b.steps=20");
    expect(line("a")).toContain("Recorded");
    expect(line("b")).toMatch(/59,904 parameters, 20 steps of 1,024 tokens: about \d+ s\./);
    button("Train run B here").click();
    expect(posted).toHaveLength(1);
    expect(posted[0][0]).toMatchObject({settings: {scheme: "unit", steps: 20}});
  });

  it("expects of a run what the recorded ones took, a diverged one aside, and then what one here took", async () => {
    const {type, line, button, send} = await setUp("?compare=no&recipe=fp32&steps=300");
    const expected = () => Number(/about (\d+) s/.exec(line("a"))![1]);
    const before = expected();
    expect(before).toBeGreaterThanOrEqual(7);
    expect(before).toBeLessThanOrEqual(13);
    button("Train here").click();
    send(0, {type: "started", parameters: 59_904, vocabularySize: 27, floor: 0.65});
    send(0, {...news(300, Array(300).fill(2)), seconds: 4 * before} as RunReport);
    send(0, {type: "done", record: {...recorded[0], probes: []}});
    await type("seed", "a", "3");
    expect(line("a")).toContain("here.");
    expect(expected() / before).toBeCloseTo(4, 0);
  });

  it("says beside the field what is impossible, and does not start it", async () => {
    const {type, field, button, document, line, window, posted} = await setUp();
    await type("width", "a", "50");
    await type("learningRate", "b", "0");
    const errors = [...document.querySelectorAll(".field-error")]
      .map((error) => error.textContent)
      .filter(Boolean);
    expect(errors).toEqual(["B: 0 is not a number in (0, 1000]", "4 does not divide width 50"]);
    expect(line("a")).toContain("Impossible: Heads: 4 does not divide width 50.");
    expect(isUnavailable(button("Train both here"))).toBe(true);
    button("Train both here").click();
    const enter = new window.KeyboardEvent("keydown", {key: "Enter", bubbles: true});
    field("width", "a").dispatchEvent(enter);
    expect(posted).toEqual([]);
  });

  it("says at Train and in the charts that settings are impossible, and leads to the one that is wrong", async () => {
    const {type, button, document, parts, frame, field} = await setUp("?compare=no&layers=3");
    const said = () =>
      [...document.querySelectorAll("figure svg")].map((chart) => chart.getAttribute("aria-label"));
    expect(said()).toEqual([
      "Press Train: the loss is drawn here.",
      ...Array(2).fill("Train, and every layer appears here."),
    ]);
    await type("kernelSize", "a", "0");
    const impossible = "These settings are impossible: the lines under Train say why.";
    expect(said()).toEqual(Array(3).fill(impossible));
    expect(parts.takeaway.textContent).toBe(impossible);
    const reason = document.getElementById(button("Train here").getAttribute("aria-describedby")!);
    expect(reason!.textContent).toMatch(/^Impossible: Kernel size: 0 is not a whole number/);
    const fold = field("kernelSize", "a").closest("details")!;
    fold.open = false;
    button("Show the setting").click();
    expect(fold.open).toBe(true);
    expect(document.activeElement).toBe(field("kernelSize", "a"));
    await type("kernelSize", "a", "7");
    await frame();
    expect(said()[1]).toBe("Train, and every layer appears here.");
    expect(button("Train here").hasAttribute("aria-describedby")).toBe(false);
    expect(button("Show the setting").hidden).toBe(true);
  });

  it("marks what no model can be made of before anything trains, by what a worker says of it", async () => {
    const {type, button, line, field, frame, refusals, document, posted, parts} = await setUp("?compare=no");
    const said = () => [...document.querySelectorAll(".field-error")].map((error) => error.textContent);
    expect(refusals.asked).toEqual([]);
    await type("forwardUnit", "a", "a100-mma");
    expect(refusals.asked).toEqual([
      {
        settings: expect.objectContaining({forwardUnit: "a100-mma"}),
        corpus: {kind: "unread", vocabularySize: 27},
      },
    ]);
    expect(isUnavailable(button("Train here"))).toBe(false);
    refusals.refuse({key: "forwardUnit", message: "forwardUnit: a100-mma does not multiply them"});
    await frame();
    expect(said()).toContain("a100-mma does not multiply them");
    expect(line("a")).toContain("Impossible: Forward: matrix unit: a100-mma does not multiply them.");
    button("Train here").click();
    expect(posted).toEqual([]);
    button("Show the setting").click();
    expect(document.activeElement).toBe(field("forwardUnit", "a"));
    expect(parts.files.textContent).toContain("These settings are impossible");
    await type("forwardUnit", "a", "");
    expect(isUnavailable(button("Train here"))).toBe(false);
    await type("layerRecipes", "a", "first=fp32");
    refusals.refuse({key: undefined, message: "forwardUnit: there is too little memory"});
    await frame();
    expect(line("a")).toContain("Impossible: Forward: matrix unit: there is too little memory.");
    expect(button("Show the setting").hidden).toBe(true);
    await type("layerRecipes", "a", "");
    await type("recipe", "a", "nvfp4");
    refusals.refuse({key: "recipe", message: "forwardWeight: hadamard needs other sums"});
    await frame();
    expect(said()).toContain("Forward: weight: hadamard needs other sums");
  });

  it("trains when Enter is pressed in a field, and says when a run begins and ends, not each step", async () => {
    const {field, posted, window, send, frame, document} = await setUp("?compare=no");
    field("width", "a").dispatchEvent(new window.KeyboardEvent("keydown", {key: "Enter", bubbles: true}));
    expect(posted).toHaveLength(1);
    const spoken = () => document.querySelector(".lab-transport .visually-hidden")!.textContent;
    await frame();
    expect(spoken()).toBe("Run A: Starting.");
    send(0, news(1, [3.3]));
    await frame();
    send(0, news(2, [3.2]));
    await frame();
    expect(spoken()).toContain("Step 1 of 150");
    send(0, {type: "done", record: {...recorded[0], probes: []}});
    await frame();
    expect(spoken()).toContain("Every bit of its weights is as recorded.");
  });

  it("keeps all settings in the address, and takes them from there", async () => {
    const {type, window} = await setUp();
    await type("scheme", "a", "munit");
    await type("scheme", "b", "");
    await type("layerRecipes", "a", "head=fp32");
    const {search} = new URL(window.location.href);
    const {field} = await setUp(search);
    expect(field("scheme", "a").value).toBe("munit");
    expect(field("scheme", "b").selectedOptions[0].textContent).toBe("as A");
    expect(field("layerRecipes", "a").value).toBe("head=fp32");
  });

  it("brings an experiment's settings into the form, and marks it", async () => {
    const {document, field, frame} = await setUp();
    const buttons = [...document.querySelectorAll<HTMLButtonElement>(".lab-experiments button")];
    expect(buttons.map((button) => button.getAttribute("aria-pressed")).indexOf("true")).toBe(0);
    buttons[1].click();
    await frame();
    expect(buttons.map((button) => button.getAttribute("aria-pressed")).indexOf("true")).toBe(1);
    expect(field("lossScale", "b").value).toBe("4096");
    expect(field("scheme", "b").value).toBe("");
  });

  it("undoes and redoes what was set of both runs, an experiment at once, and the address follows", async () => {
    const {document, field, frame, button, type, window} = await setUp();
    const said = () => document.querySelector(".undo-text")!.textContent;
    expect(["Undo", "Redo"].map((name) => isUnavailable(button(name)))).toEqual([true, true]);
    button("Undo").click();
    await type("width", "b", "6");
    await type("width", "b", "64");
    await type("recipe", "a", "nvfp4");
    document.querySelectorAll<HTMLButtonElement>(".lab-experiments button")[2].click();
    await frame();
    expect(field("recipe", "a").value).toBe("fp32");
    button("Undo").click();
    await frame();
    expect([field("recipe", "a").value, field("width", "b").value]).toEqual(["nvfp4", "64"]);
    button("Undo").click();
    await frame();
    expect(said()).toBe("Undone: Recipe, run A and 2 more");
    expect(["recipe", "inputGradientGradient"].map((key) => field(key, "a").value)).toEqual([
      "fp8",
      "e4m3fn",
    ]);
    expect(new URL(window.location.href).search).toBe("?b.width=64");
    button("Undo").click();
    await frame();
    expect(new URL(window.location.href).search).toBe("");
    expect(isUnavailable(button("Undo"))).toBe(true);
    button("Redo").click();
    await frame();
    expect(said()).toBe("Redone: Width, run B");
    expect(field("width", "b").value).toBe("64");
    await type("seed", "a", "9");
    expect(isUnavailable(button("Redo"))).toBe(true);
    expect(said()).toBe("");
  });

  it("undoes by Ctrl-Z where the browser has no undo of its own, and not while a run is under way", async () => {
    const {document, field, frame, button, type, window} = await setUp();
    const press = async (target: Element, shiftKey = false) => {
      const init = {key: shiftKey ? "Z" : "z", ctrlKey: true, shiftKey, bubbles: true, cancelable: true};
      const event = new window.KeyboardEvent("keydown", init);
      target.dispatchEvent(event);
      await frame();
      return event.defaultPrevented;
    };
    await type("scheme", "a", "mup");
    expect(await press(field("width", "a"))).toBe(false);
    expect(await press(document.querySelector("textarea")!)).toBe(false);
    expect(field("scheme", "a").value).toBe("mup");
    expect(await press(field("scheme", "a"))).toBe(true);
    expect(field("scheme", "a").value).toBe("standard");
    expect(await press(document.body)).toBe(false);
    expect(await press(document.body, true)).toBe(true);
    expect(field("scheme", "a").value).toBe("mup");
    button("Train run A here").click();
    await frame();
    expect(isUnavailable(button("Undo"))).toBe(true);
    expect(await press(document.body)).toBe(false);
    expect(field("scheme", "a").value).toBe("mup");
  });

  it("goes back to a text whose name another has taken since", async () => {
    const {document, frame, button, posted} = await setUp("?compare=no");
    for (const words of ["to be or not to be ", "the quick brown fox "]) {
      document.querySelector("textarea")!.value = words.repeat(50);
      button("Read this text").click();
      await frame();
    }
    button("Undo").click();
    await frame();
    expect(document.querySelector(".undo-text")!.textContent).toBe("Undone: Text, run A");
    button("Train here").click();
    const {corpus} = posted[0][0] as unknown as {corpus: {bytes: Uint8Array}};
    expect(new TextDecoder().decode(corpus.bytes)).toMatch(/^to be or not/);
  });

  it("takes a recipe as its name says: what replaced casts of the one before goes", async () => {
    const {type, field} = await setUp();
    const cast = (run: "a" | "b") => field("inputGradientGradient", run).value;
    expect([cast("a"), cast("b")]).toEqual(["e4m3fn", ""]);
    await type("recipe", "b", "mxfp8");
    expect([cast("a"), cast("b")]).toEqual(["e4m3fn", "recipe"]);
    await type("recipe", "b", "");
    expect([cast("a"), cast("b")]).toEqual(["e4m3fn", ""]);
    await type("inputGradientGradient", "b", "e5m2");
    await type("recipe", "a", "mxfp8");
    expect([cast("a"), cast("b")]).toEqual(["recipe", "e5m2"]);
    await type("recipe", "b", "nvfp4");
    expect([cast("a"), cast("b")]).toEqual(["recipe", ""]);
  });

  it("shows settings only where they do something, unless they are wrong", async () => {
    const {type, document} = await setUp();
    const isShown = (key: string) => !document.querySelector<HTMLElement>(`[data-key="${key}"]`)!.hidden;
    expect(isShown("momentum")).toBe(false);
    await type("optimizer", "b", "sgd");
    expect(isShown("momentum")).toBe(true);
    await type("optimizer", "b", "");
    expect(isShown("momentum")).toBe(false);
  });

  it("reads a text that is pasted, and names it in the settings file", async () => {
    const {document, frame, button, posted, window, parts} = await setUp("?compare=no");
    document.querySelector("textarea")!.value = "to be or not to be ".repeat(50);
    button("Read this text").click();
    await frame();
    expect(new URL(window.location.href).searchParams.get("corpus")).toBe("pasted.txt");
    expect(document.querySelector(".own-text-read")!.textContent).toBe(
      "The runs now read pasted.txt: 950 bytes.",
    );
    expect(parts.files.textContent).toContain("It reads pasted.txt of the folder in which it is trained.");
    expect(parts.files.textContent).toMatch(/corpus: pasted.txt\ncorpusChecksum: "?[0-9a-f]{64}/);
    button("Train here").click();
    expect(posted[0][0]).toMatchObject({corpus: {kind: "given", name: "pasted.txt"}});
    const opened = await setUp("?corpus=pasted.txt&compare=no");
    expect(opened.line("a")).toContain("this tab does not have the text “pasted.txt”");
    expect(opened.document.querySelector("textarea")!.closest("details")!.open).toBe(true);
  });

  it("says before a run starts what its text downloads", async () => {
    const {type, document} = await setUp();
    const note = () => document.querySelector("[data-key=corpus] .setting-meaning")!.textContent;
    expect(note()).toBe("");
    await type("corpus", "b", "shakespeare");
    expect(note()).toBe("B: shakespeare is downloaded when the run starts: 1.1 MB.");
    await type("corpus", "a", "shakespeare");
    expect(note()).toBe("shakespeare is downloaded when the run starts: 1.1 MB");
  });

  it("says in an empty field what follows: what other settings decide, or nothing", async () => {
    const {field} = await setUp();
    expect(["warmup", "postTraining", "layers"].map((key) => field(key, "a").placeholder)).toEqual([
      ...["automatic", "none", "4"],
    ]);
    expect(field("layers", "b").placeholder).toBe("2");
    expect(field("layers", "b").maxLength).toBe(300);
  });

  it("says what became of a run while the tab was hidden, and asks before it is left", async () => {
    const {document, window, button, send, frame} = await setUp("?compare=no&steps=40");
    const leave = () => {
      const event = new window.Event("beforeunload", {cancelable: true});
      window.dispatchEvent(event);
      return event.defaultPrevented;
    };
    expect(leave()).toBe(false);
    button("Train here").click();
    send(0, news(5, Array(5).fill(3)));
    expect(leave()).toBe(true);
    const hide = (hidden: boolean) => {
      Object.defineProperty(document, "hidden", {value: hidden, configurable: true});
      document.dispatchEvent(new window.Event("visibilitychange"));
    };
    hide(true);
    send(0, news(25, Array(20).fill(2.5)));
    hide(false);
    await frame();
    expect(document.querySelector(".transport-note")!.textContent).toBe(
      "While this tab was hidden, training went on from step 5 to 25.",
    );
  });

  it("draws what is out of sight when it is seen again, where the step alone has changed", async () => {
    const {window, parts, frame} = await setUp();
    const see = (isIntersecting: boolean) => {
      for (const report of (window as unknown as SeeingWindow).seen) report([{isIntersecting}]);
    };
    const charts = () =>
      [parts.bench, parts.lost, parts.spread].map((part) => part.querySelector("figure svg"));
    const slide = async (step: string) => {
      const input = parts.lost.querySelector<HTMLInputElement>("input[type=range]")!;
      input.value = step;
      input.dispatchEvent(new window.Event("input"));
      await frame();
    };
    const before = charts();
    see(false);
    await slide("0");
    for (const [i, chart] of charts().entries()) expect(chart).toBe(before[i]);
    see(true);
    for (const [i, chart] of charts().entries()) expect(chart).not.toBe(before[i]);
    expect(parts.lost.textContent).toContain("step 0:");
  });

  it("says why a run failed or diverged", async () => {
    const {button, send, frame, line} = await setUp();
    button("Train both here").click();
    send(0, {type: "error", message: "the run needs too much memory"});
    const diverged = {step: 7, reason: "the training loss is not a finite number"};
    send(1, {type: "done", record: {...recorded[1], diverged, probes: []}});
    await frame();
    expect(line("a")).toContain("Not trained: the run needs too much memory.");
    expect(line("b")).toContain("Diverged in step 7: the training loss is not a finite number.");
  });
});
