import {listed} from "../src/laws/listed.js";
import type {Column} from "./column.js";
import {csvButton} from "./csv-button.js";
import {elementMaker} from "./element-maker.js";

/** What our runs say of a claim of a paper: an entry of `verdicts` in `loaders/our-laws.json`. */
export interface LawVerdict {
  readonly id: string;
  readonly paper: "Kumar 2024" | "Sun 2025";
  readonly claim: string;
  readonly corpus: string;
  readonly verdict: "agrees" | "in part" | "differs" | "not told";
  readonly ours: string;
  readonly sweeps: readonly string[];
}

interface LawVerdictsOptions {
  /** Ids of the claims to show, in this order; by default all. */
  readonly claims?: readonly string[];
  readonly document?: Document;
}

const addresses = {
  "Kumar 2024": "https://arxiv.org/abs/2411.04330",
  "Sun 2025": "https://arxiv.org/abs/2501.02423",
} as const;

const words = {
  agrees: "agrees",
  "in part": "agrees in part",
  differs: "differs",
  "not told": "cannot be told",
} as const;

const columns: readonly Column<LawVerdict>[] = [
  {name: "paper", value: ({paper}) => paper},
  {name: "claim", value: ({claim}) => claim},
  {name: "text", value: ({corpus}) => corpus},
  {name: "verdict", value: ({verdict}) => words[verdict]},
  {name: "ours", value: ({ours}) => ours},
  {name: "sweeps", value: ({sweeps}) => sweeps.join(" ")},
];

/** Claims of the papers beside what our runs show, with links to the runs; one row for each claim and text. */
export function lawVerdicts(
  verdicts: readonly LawVerdict[],
  {claims, document = globalThis.document}: LawVerdictsOptions = {},
): HTMLElement {
  const make = elementMaker(document);
  const shown = claims ? claims.flatMap((id) => verdicts.filter((verdict) => verdict.id === id)) : verdicts;
  const texts = new Set(verdicts.map(({corpus}) => corpus));
  const lines = shown.map((verdict) => {
    const {id, paper, claim, corpus, ours, sweeps} = verdict;
    const links = sweeps.flatMap((name, i) => [
      i > 0 ? ", " : "",
      make("a", {href: `./sweeps?sweep=${name}`}, name),
    ]);
    return make(
      "tr",
      {"data-claim": id},
      make("th", {scope: "row"}, claim, " ", make("a", {href: addresses[paper]}, paper)),
      make(
        "td",
        {},
        make(
          "strong",
          {class: `verdict verdict-${verdict.verdict.replace(" ", "-")}`},
          words[verdict.verdict],
        ),
      ),
      make("td", {}, texts.size > 1 ? make("em", {}, `${corpus}: `) : "", ours, " Runs: ", ...links, "."),
    );
  });
  return make(
    "div",
    {class: "chart-figure"},
    make(
      "div",
      {
        class: "chart-table verdict-table",
        tabindex: 0,
        role: "region",
        "aria-label": "Claims and what our runs show",
      },
      make(
        "table",
        {class: "data-table"},
        make("caption", {}, verdictSummary(shown)),
        make(
          "thead",
          {},
          make(
            "tr",
            {},
            ...["The paper says", "Here", "Our runs"].map((name) => make("th", {scope: "col"}, name)),
          ),
        ),
        make("tbody", {}, ...lines),
      ),
    ),
    make(
      "div",
      {class: "chart-actions"},
      make("span", {}, "Download"),
      csvButton("verdicts", () => ({rows: shown, columns}), {document}),
    ),
  );
}

/** "Of 15 claims our runs agree with 8, agree in part with 4, differ from 1 and cannot tell 2." */
export function verdictSummary(verdicts: readonly LawVerdict[]): string {
  const counted = (verdict: LawVerdict["verdict"]) =>
    verdicts.filter((one) => one.verdict === verdict).length;
  const parts = [
    ["agree with", counted("agrees")],
    ["agree in part with", counted("in part")],
    ["differ from", counted("differs")],
    ["cannot tell", counted("not told")],
  ] as const;
  const said = parts.filter(([, number]) => number > 0).map(([verb, number]) => `${verb} ${number}`);
  return verdicts.length === 0
    ? "No runs have been published that bear on the claims."
    : `Of ${verdicts.length} claims our runs ${listed(said)}.`;
}
