import {beforeAll, describe, expect, it, test} from "vitest";
import {askFigure, askSentence} from "../../../docs/components/ask-figure.js";
import {askedFormats} from "../../../docs/components/asked-formats.js";
import {askedText, castCases} from "../../../docs/components/cast-cases.js";
import {answerGroups, type DisagreementCase} from "../../../docs/components/disagreement-case.js";
import {disagreementChoices} from "../../../docs/components/disagreement-choices.js";
import {disagreementKinds, kindNames} from "../../../docs/components/disagreement-kinds.js";
import {disagreementTable, shownCases} from "../../../docs/components/disagreement-table.js";
import {disagreementTakeaway} from "../../../docs/components/disagreement-takeaway.js";
import {libraries} from "../../../docs/components/libraries.js";
import {libraryAnswers} from "../../../docs/components/library-answers.js";
import {namesList} from "../../../docs/components/names-list.js";
import {pageState} from "../../../docs/components/page-state.js";
import {exampleText, questionTable} from "../../../docs/components/question-table.js";
import {scaleCases} from "../../../docs/components/scale-cases.js";
import {isTypedValue, typedNumber} from "../../../docs/components/typed-number.js";
import {disagreements} from "../../../src/formats/disagreements.js";
import {parseFormat} from "../../../src/formats/parse.js";
import {presets} from "../../../src/formats/preset.js";
import {roundings} from "../../../src/formats/rounding.js";
import {createKernels} from "../../../src/kernels/kernels.js";
import {blockFormats} from "../../../src/precision/block-format.js";
import {scalingWords} from "../../../src/precision/parse-scaling.js";
import {unitNames} from "../../../src/precision/units/matrix-units.js";
import {page} from "./page.js";

let cases: DisagreementCase[];

beforeAll(async () => {
  cases = [...castCases(), ...scaleCases(await createKernels())];
});

const textsOf = (x: number, format: string): Record<string, string> =>
  Object.fromEntries(libraryAnswers(x, format).map(({library, text}) => [library, text]));

describe("libraryAnswers(x, name)", () => {
  it("knows who makes NaN, who the largest value and who infinity of 465 in E4M3", () => {
    expect(textsOf(465, "e4m3fn")).toMatchObject({
      ml_dtypes: "NaN",
      OCP: "NaN",
      "OCP (saturating)": "448",
      ONNX: "448",
      "ONNX (saturate=0)": "NaN",
      PyTorch: "448",
      "PyTorch (older)": "NaN",
      TransformerEngine: "448",
      microxcaling: "∞",
    });
    expect(
      libraryAnswers(465, "e4m3fn").find(({library}) => library === "microxcaling")!.code,
    ).toBeUndefined();
  });

  it("shows what NaN becomes in FP4", () => {
    expect(textsOf(Number.NaN, "e2m1")).toMatchObject({ml_dtypes: "−0", ONNX: "6", TransformerEngine: "0"});
  });

  it("shows what each library reads into the bare name E4M3", () => {
    expect(textsOf(1000, "e4m3")).toMatchObject({
      ml_dtypes: "∞",
      "OCP (saturating)": "448",
      "unit-scaling": "240",
      chop: "∞",
    });
    const reasons = libraryAnswers(300, "e4m3").find(({library}) => library === "unit-scaling")!.reason;
    expect(reasons).toContain("reads e4m3 as e4m3b8none");
  });

  test.each(Object.keys(askedFormats))(
    "gives every answer in %s a reason, and the code of its value",
    (format) => {
      for (const x of [0, -0, 1, 1.0625, 1.1875, 465, 1e30, -7, 1e-9, Number.NaN, Number.NEGATIVE_INFINITY]) {
        for (const {reason, text, code} of libraryAnswers(x, format)) {
          expect(reason).not.toBe("");
          expect(text).not.toBe("");
          if (code) expect(code.bits).toMatch(/^[01]+$/);
        }
      }
    },
  );
});

it("every preset of the command line that is a library is asked", () => {
  const others = ["default", "microxcaling-corrected"];
  const missing = Object.keys(presets).filter(
    (name) => !others.includes(name) && !name.startsWith("p3109") && !Object.hasOwn(libraries, name),
  );
  expect(missing).toEqual([]);
});

describe("the cases", () => {
  it("cover every kind, each with an example, a reason and references", () => {
    for (const kind of kindNames) {
      expect(
        cases.some((row) => row.kind === kind && row.isExample),
        kind,
      ).toBe(true);
      expect(disagreementKinds[kind].references.length).toBeGreaterThan(0);
      for (const {url} of disagreementKinds[kind].references) expect(url).toMatch(/^https:\/\//);
    }
  });

  it("have more than one answer in every kind", () => {
    for (const kind of kindNames) {
      const groups = cases
        .filter((row) => row.kind === kind)
        .map(({answers}) => answerGroups(answers).length);
      expect(Math.max(...groups), kind).toBeGreaterThan(1);
    }
  });

  it("can be asked about: the text of the input is the number", () => {
    for (const {ask, answers, format} of cases) {
      if (!ask || format === "E8M0") continue;
      const again = libraryAnswers(typedNumber(ask.value, parseFormat(ask.format)), ask.format);
      expect(again).toEqual(answers);
    }
    expect([Number.NaN, -0, Number.NEGATIVE_INFINITY].map(askedText)).toEqual(["nan", "-0", "-inf"]);
  });

  it("show that the two NVFP4 chains differ on the way, not in what they store", () => {
    const [before, after, tiny] = cases.filter(({kind}) => kind === "NVFP4 chain");
    expect(answerGroups(before.answers)).toHaveLength(2);
    expect(answerGroups(after.answers)).toHaveLength(1);
    expect(tiny.answers.map(({text}) => text)).toEqual(["scale 0", "scale 2⁻⁶"]);
  });

  it("agree with the discussion of MX scales at 150 in E4M3", () => {
    const {answers} = cases.find(({kind, input}) => kind === "MX scale rule" && input.endsWith("150"))!;
    const codes = Object.fromEntries(
      answers.map(({library, code}) => [library, Number.parseInt(code!.bits, 2)]),
    );
    expect([codes["torchao (CEIL)"], codes["torchao (RCEIL)"], codes["OCP text"]]).toEqual([127, 126, 126]);
  });
});

it("answerGroups(answers) puts the most frequent answer first", () => {
  const answer = (library: string, text: string) => ({library, text, reason: ""});
  const groups = answerGroups([answer("a", "1"), answer("b", "2"), answer("c", "2")]);
  expect(groups.map(({text, answers}) => [text, answers.length])).toEqual([
    ["2", 2],
    ["1", 1],
  ]);
});

it("askSentence(value, title, answers) counts the answers", () => {
  expect(askSentence("465", "E4M3FN", libraryAnswers(465, "e4m3fn"))).toMatch(
    /: 3 answers from \d+ libraries/,
  );
  expect(askSentence("1", "E4M3FN", libraryAnswers(1, "e4m3fn"))).toMatch(/all \d+ agree on 1\./);
});

it("questionTable(disagreements) computes what its examples give, and each has more than one answer", () => {
  const {document} = page();
  const table = questionTable(disagreements, {document});
  expect(table.querySelectorAll("tbody tr")).toHaveLength(disagreements.length);
  for (const {example} of disagreements) {
    if (!example) continue;
    const groups = answerGroups(libraryAnswers(example.value, example.format));
    expect(groups.length, exampleText(example)).toBeGreaterThan(1);
    expect(table.textContent).toContain(groups[0].text.replaceAll(/[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+/g, ""));
  }
});

it("disagreementTakeaway(cases) is in numbers of the cases", () => {
  expect(disagreementTakeaway(cases)).toContain(`Of ${cases.length} inputs`);
});

it("isTypedValue(text) takes numbers and codes", () => {
  expect(["465", "-0", "nan", "1/3", "0x7e"].map(isTypedValue)).toEqual([true, true, true, true, true]);
  expect(["", "four", "1e"].map(isTypedValue)).toEqual([false, false, false]);
});

describe("the page", () => {
  const open = (query = "") => {
    const {document, window} = page({url: `https://example.org/disagreements${query}`});
    const state = pageState(disagreementChoices(cases), window);
    return {document, window, state};
  };

  it("askFigure({state}) follows the number and the format", () => {
    const {document, state} = open("?value=nan&format=e2m1");
    const element = askFigure({state, document});
    document.body.append(element);
    expect(element.querySelectorAll(".answer-group").length).toBe(
      answerGroups(libraryAnswers(Number.NaN, "e2m1")).length,
    );
    state.set({value: "1"});
    expect(element.querySelectorAll(".answer-group")).toHaveLength(1);
    expect(element.querySelector<HTMLInputElement>("input[role=combobox]")!.value).toBe("1");
    for (const link of element.querySelectorAll("a")) expect(link.getAttribute("href")).toMatch(/^https:/);
  });

  it("askFigure({state}) says so where a code is none of the format", () => {
    const {document, state} = open("?value=0xff&format=e2m1");
    const element = askFigure({state, document});
    expect(element.querySelector(".ask-summary")!.textContent).toContain("codes go from 0 to 15");
    state.set({format: "e4m3fn"});
    expect(element.querySelectorAll(".answer-group").length).toBeGreaterThan(0);
  });

  it("disagreementTable(cases, {state}) shows what the address asks for", () => {
    const {document, state} = open("?show=all&kind=ties&of=FP4+E2M1");
    const element = disagreementTable(cases, {state, document});
    const shown = shownCases(cases, state.get());
    expect(shown.length).toBeGreaterThan(0);
    expect(element.querySelectorAll(".question")).toHaveLength(1);
    expect(element.querySelectorAll(".case")).toHaveLength(shown.length);
    for (const {answers} of shown) expect(answerGroups(answers).length).toBeGreaterThan(1);
    state.set({library: "chop"});
    expect(element.querySelectorAll(".case")).toHaveLength(0);
    expect(element.querySelector(".ask-summary")!.textContent).toContain("No case");
    state.reset();
    expect(element.querySelectorAll(".question")).toHaveLength(kindNames.length);
  });

  it("disagreementTable(cases, {state}) marks the library asked for, and hands a case to the figure above", () => {
    const {document, state} = open("?library=microxcaling");
    const element = disagreementTable(cases, {state, document});
    const marked = [...element.querySelectorAll(".is-asked")];
    expect(new Set(marked.map(({textContent}) => textContent))).toEqual(new Set(["microxcaling"]));
    element.querySelector<HTMLButtonElement>(".case button")!.click();
    expect(state.get()).toMatchObject({value: "464", format: "e4m3fn"});
  });

  it("namesList() has every name of the library's tables", () => {
    const {document} = open();
    const names = new Set(
      [...namesList({document}).querySelectorAll("code")].map(({textContent}) => textContent),
    );
    const wanted = [
      ...Object.keys(roundings),
      ...Object.keys(presets),
      ...scalingWords.bases,
      ...scalingWords.rules,
      ...scalingWords.variants,
      ...unitNames,
      ...blockFormats.map(({name}) => name),
    ];
    expect(wanted.filter((name) => !names.has(name))).toEqual([]);
  });
});
