import {expect, it, vi} from "vitest";
import {initialState, pageState} from "../../../docs/components/page-state.js";
import {lightPalette} from "../../../docs/components/palette.js";
import {planChart, planPoints} from "../../../docs/components/plan-chart.js";
import {type NamedPlanLaw, planChoices} from "../../../docs/components/plan-choices.js";
import {planCommand} from "../../../docs/components/plan-command.js";
import {planDesk} from "../../../docs/components/plan-desk.js";
import {namedPlanLaws, type OwnFit, planParts} from "../../../docs/components/plan-parts.js";
import {
  oneBitSentence,
  ownRangeSentence,
  planAgreement,
  planTakeaway,
  rangeSentence,
} from "../../../docs/components/plan-sentences.js";
import {publishedPlanLaws} from "../../../src/laws/plan-laws.js";
import {expectDrawing} from "./expect-drawing.js";
import {page} from "./page.js";

/** A fit of our own: Kumar's constants, with tiny runs. */
const ours: OwnFit[] = [
  {
    ...{corpus: "lexicon", law: "precision", of: "loss"},
    domain: {parameters: [4000, 27_000], tokens: [131_072, 524_288], weightBits: [2, 8]},
    result: {
      law: "precision",
      constants: Object.entries(publishedPlanLaws()[0].constants).map(([name, value]) => ({
        ...{name, symbol: name, value, standardError: null, interval: null},
        ...{identified: true, atBound: false, fixed: false},
      })),
      bootstrap: null,
    },
  },
];

const laws: NamedPlanLaw[] = namedPlanLaws(ours);

function deskAt(query = "") {
  const {window} = page({url: `https://example.org/plan${query}`});
  return planDesk(pageState(planChoices(laws), window as unknown as Window), laws);
}

function setUp(query = "") {
  const {window, document} = page({url: `https://example.org/plan${query}`});
  vi.stubGlobal("document", document);
  const parts = planParts(ours, {document});
  document.body.append(...Object.values(parts));
  const frame = () => new Promise((resolve) => window.requestAnimationFrame(resolve));
  const change = async (element: HTMLInputElement | HTMLSelectElement, type: string, value: string) => {
    element.value = value;
    element.dispatchEvent(new window.Event(type, {bubbles: true}));
    await frame();
  };
  const control = (title: string) =>
    [...parts.controls.querySelectorAll(".quantity-control")].find((element) =>
      element.querySelector("label")!.textContent!.startsWith(title),
    )!;
  const tick = async (title: string) => {
    const box = control(title).querySelector<HTMLInputElement>("input[type=checkbox]")!;
    box.checked = !box.checked;
    box.dispatchEvent(new window.Event("change", {bubbles: true}));
    await frame();
  };
  const query_ = () => Object.fromEntries(new URL(window.location.href).searchParams);
  return {window, document, parts, frame, change, control, tick, query: query_};
}

it("planTakeaway() answers with the bits and sizes of every law of training", () => {
  expect(planTakeaway(deskAt().answer())).toBe(
    "Train a model with 1e24 FLOPs: 7 bits, 169B parameters and 2.25T tokens (Kumar 2024, integers); " +
      "4 bits, 241B parameters and 2.77T tokens (Kumar 2024, as printed); " +
      "5 bits, E2M2, 802B parameters and 665B tokens (Sun 2025, floating point).",
  );
  expect(planTakeaway(deskAt("?parameters=8B&tokens=15T&compute=&laws=precision").answer())).toBe(
    "Train 8B parameters on 15T tokens: 7 bits (Kumar 2024, integers).",
  );
  expect(planTakeaway(deskAt("?bits=8&laws=precision").answer())).toContain(
    ": a loss of 2.792, 150B parameters",
  );
  expect(planTakeaway(deskAt("?bits=3&laws=precision").answer())).toContain(": no answer (Kumar");
  expect(planTakeaway(deskAt("?laws=chinchilla").answer())).toBe("Choose a law that knows bits.");
});

it("sentences of the plan follow from the advice that they are made of", () => {
  const {answer} = deskAt();
  expect(planAgreement(answer())).toMatch(/^The 3 laws of training recommend 4 to 7 bits\./);
  expect(oneBitSentence(answer())).toBe(
    "One bit too few costs at most 0.007 nats (Sun 2025, floating point).",
  );
  expect(rangeSentence(answer())).toMatch(
    /^All laws answer beyond the runs .*, Sun 2025, floating point by a factor of 1,200 in parameters/,
  );
  const inside = deskAt("?parameters=100M&tokens=20B&compute=1e21&laws=precision,floating-point").answer();
  expect(inside.problem).toBe("");
  expect(rangeSentence(inside)).toBe("The answers lie where the laws were fitted.");
  expect(planAgreement(deskAt("?bits=8&laws=precision,floating-point").answer())).toMatch(
    /^Against each law's best, these bits cost .* nats by Kumar 2024, integers, which prefers 7 bits; 0\.008 nats by Sun/,
  );
});

it("ownRangeSentence() says how large the models of our own laws are", () => {
  const own = laws.map(({planLaw}) => planLaw);
  expect(ownRangeSentence(own)).toContain("of 4k to 27k parameters");
  expect(ownRangeSentence(own.slice(0, 3))).toBe("");
});

it("planDesk() says why a question cannot be answered, and answers again once it can", () => {
  const desk = deskAt("?parameters=7B");
  desk.state.set({compute: ""});
  expect(desk.answer()).toMatchObject({advices: []});
  expect(planTakeaway(desk.answer())).toMatch(/^Say how many tokens to train on/);
  desk.state.set({tokens: "2T"});
  expect(desk.answer().advices).toHaveLength(5);
});

it("planChart() shows every number of bits, and where the fit ends", async () => {
  const {document} = page();
  const {advices, question} = deskAt().answer();
  const points = planPoints(advices, question);
  expect(
    points.filter(({advice}) => advice.planLaw.law.name === "precision").map(({choice}) => choice.bits),
  ).toEqual(
    Array.from({length: 13}, (_, i) => i + 4), // activations have no value in 3 bits
  );
  expect(points.filter(({isOutside}) => isOutside).map(({choice}) => choice.bits)).toContain(14);
  const options = {question, laws: laws.map(({planLaw}) => planLaw), palette: lightPalette, document};
  const chart = planChart(advices, options);
  expect(chart.getAttribute("aria-label")).toContain(
    "Sun 2025, floating point: 5 bits, E2M2, and 4 to 8 bits within 0.01",
  );
  await expectDrawing(chart, "plan");
  const none = planChart([], options);
  expect(none.textContent).toContain("No law that knows bits has an answer");
});

it("planCommand() is what answers the same on a terminal", () => {
  const published = laws.filter(({planLaw}) => planLaw.origin === "published").map(({name}) => name);
  const state = initialState(planChoices(laws));
  expect(planCommand(state, published)).toBe("bitscape plan --flops 1e24");
  expect(
    planCommand(
      {...state, compute: "", tokens: "2T", memory: "16 GB", bits: "4", block: "channel", laws: "precision"},
      published,
    ),
  ).toBe("bitscape plan --tokens 2T --memory 16GB --bits 4 --block-size channel --law precision");
});

it("planParts() follows boxes, fields, sliders and laws, and keeps them in the address", async () => {
  const {parts, control, tick, change, query, document} = setUp();
  expect(control("Training tokens").querySelector(".quantity-open")!.textContent).toBe("to be found");
  await tick("Training tokens");
  expect(query()).toEqual({tokens: "2T"});
  const field = control("Training tokens").querySelector<HTMLInputElement>("input[type=text]")!;
  await change(field, "input", "500B");
  expect(query()).toEqual({tokens: "500B"});
  expect(parts.takeaway.textContent).toContain("Train a model on 500B tokens with 1e24 FLOPs");
  const slider = control("Training tokens").querySelector<HTMLInputElement>("input[type=range]")!;
  await change(slider, "input", String(20 * 12));
  expect(query()).toEqual({tokens: "1T"});
  expect(field.value).toBe("1T");
  await change(field, "input", "lots");
  expect(control("Training tokens").querySelector(".field-error")!.textContent).toContain("such as 2T");
  expect(query()).toEqual({tokens: "1T"});
  await tick("Compute");
  await tick("Memory");
  expect(query()).toEqual({tokens: "1T", compute: "", memory: "16 GB"});
  expect(parts.command.querySelector("code")!.textContent).toMatch(
    /^bitscape plan --tokens 1T --memory 16GB/,
  );
  const rows = () => [...parts.table.querySelectorAll("tbody tr")].map((row) => row.firstChild!.textContent);
  expect(rows()).toHaveLength(5);
  const box = document.querySelector<HTMLInputElement>('input[value="ours-lexicon-precision"]')!;
  box.checked = true;
  await change(box, "change", box.value);
  expect(rows().at(-1)).toBe("Ours, integers, lexicon");
});

it("planParts() shows a question of the address, and says what cannot be answered", async () => {
  const {parts} = setUp("?compute=&parameters=7B");
  expect(parts.takeaway.textContent).toMatch(/^Say how many tokens/);
  expect(parts.figure.textContent).toContain("No law that knows bits has an answer");
  const {parts: own} = setUp("?laws=ours-lexicon-precision&parameters=10k&tokens=200k&compute=");
  expect(own.table.textContent).toContain("fit without bootstrap");
});
