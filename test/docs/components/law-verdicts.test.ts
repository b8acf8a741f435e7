import {describe, expect, it} from "vitest";
import {type LawVerdict, lawVerdicts, verdictSummary} from "../../../docs/components/law-verdicts.js";
import {page} from "./page.js";

const verdict = (changes: Partial<LawVerdict>): LawVerdict => ({
  ...{id: "saturation", paper: "Kumar 2024", claim: "Bits saturate.", corpus: "lexicon", verdict: "agrees"},
  ...{ours: "So they do.", sweeps: ["precision"]},
  ...changes,
});

const some = [
  verdict({}),
  verdict({id: "growth", paper: "Sun 2025", verdict: "in part", sweeps: ["overtraining", "targets"]}),
  verdict({id: "floor", verdict: "not told"}),
];

describe("lawVerdicts(verdicts, options)", () => {
  it("shows each claim with its paper, what our runs show, and links to the runs", () => {
    const {document} = page();
    const element = lawVerdicts(some, {document});
    const rows = [...element.querySelectorAll("tbody tr")];
    expect(rows.map((row) => row.querySelector("strong")?.textContent)).toEqual([
      "agrees",
      "agrees in part",
      "cannot be told",
    ]);
    const links = [...rows[1].querySelectorAll("a")].map((link) => link.getAttribute("href"));
    expect(links).toEqual([
      "https://arxiv.org/abs/2501.02423",
      "./sweeps?sweep=overtraining",
      "./sweeps?sweep=targets",
    ]);
    expect(rows[0].textContent).not.toContain("lexicon");
  });

  it("shows chosen claims in their order, and the text where there are several", () => {
    const {document} = page();
    const both = [...some, verdict({corpus: "shakespeare", ours: "Not there."})];
    const element = lawVerdicts(both, {document, claims: ["floor", "saturation", "unknown"]});
    const texts = [...element.querySelectorAll("tbody tr")].map((row) => row.textContent);
    expect(texts).toHaveLength(3);
    expect(texts[0]).toContain("cannot be told");
    expect(texts[2]).toContain("shakespeare: Not there.");
  });
});

it("verdictSummary(verdicts) counts them", () => {
  expect(verdictSummary(some)).toBe(
    "Of 3 claims our runs agree with 1, agree in part with 1 and cannot tell 1.",
  );
  expect(verdictSummary([])).toBe("No runs have been published that bear on the claims.");
});
