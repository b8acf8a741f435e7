import {fittedPlanLaw, type PlanFit, publishedPlanLaws} from "../src/laws/plan-laws.js";
import {copyButton} from "./copy-button.js";
import {elementMaker} from "./element-maker.js";
import {pageState} from "./page-state.js";
import {perFrame} from "./per-frame.js";
import {type NamedPlanLaw, planChoices} from "./plan-choices.js";
import {planCommand} from "./plan-command.js";
import {planControls} from "./plan-controls.js";
import {type PlanAnswer, planDesk} from "./plan-desk.js";
import {planFigure} from "./plan-figure.js";
import {
  oneBitSentence,
  ownRangeSentence,
  planAgreement,
  planTakeaway,
  rangeSentence,
} from "./plan-sentences.js";
import {planTable} from "./plan-table.js";

/** A fit of our own runs, as the loader of our laws writes it. */
export interface OwnFit {
  readonly corpus: string;
  readonly law: string;
  readonly of: string;
  readonly domain: PlanFit["domain"];
  readonly result: Pick<PlanFit, "law" | "constants" | "bootstrap">;
}

/** Forms of the loss with bits that our runs are planned by. */
const ownForms: Readonly<Record<string, string>> = {
  precision: "integers",
  "floating-point": "floating point",
};

/** All laws of the page: published ones, and those fitted to our own runs. */
export function namedPlanLaws(ours: readonly OwnFit[]): NamedPlanLaw[] {
  return [
    ...publishedPlanLaws().map((planLaw) => ({name: planLaw.law.name, planLaw})),
    ...ours
      .filter(({law, of}) => of === "loss" && Object.hasOwn(ownForms, law))
      .map(({law, corpus, domain, result}) => ({
        name: `ours-${corpus}-${law}`,
        planLaw: fittedPlanLaw({...result, domain}, `Ours, ${ownForms[law]}, ${corpus}`),
      })),
  ];
}

/** The parts of the page on plans. */
export function planParts(
  ours: readonly OwnFit[],
  {document = globalThis.document}: {document?: Document} = {},
) {
  const laws = namedPlanLaws(ours);
  const state = pageState(planChoices(laws), document.defaultView!);
  const desk = planDesk(state, laws);
  const window = document.defaultView!;
  const make = elementMaker(document);

  const sentence = (className: string, text: (answer: PlanAnswer) => string) => {
    const element = make("p", {class: className});
    const show = () => {
      element.textContent = text(desk.answer());
    };
    state.subscribe(perFrame(show, window));
    show();
    return element;
  };
  return {
    controls: planControls(desk, {document}),
    takeaway: sentence("takeaway", planTakeaway),
    figure: planFigure(desk, {document}),
    agreement: sentence("plan-sentence", (answer) =>
      [planAgreement(answer), oneBitSentence(answer)].filter(Boolean).join(" "),
    ),
    range: sentence("plan-sentence", rangeSentence),
    table: planTable(desk, {document}),
    own: ownRangeSentence(laws.map(({planLaw}) => planLaw)),
    command: commandElement(),
  };

  function commandElement(): HTMLElement {
    const published = laws.filter(({planLaw}) => planLaw.origin === "published").map(({name}) => name);
    const text = () => planCommand(state.get(), published);
    const code = make("code");
    state.subscribe(() => {
      code.textContent = text();
    });
    return make(
      "div",
      {class: "plan-command chart-figure"},
      make("pre", {}, code),
      copyButton("Copy", text, {document}),
    );
  }
}
