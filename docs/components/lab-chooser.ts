import type {SettingField} from "../src/training/settings-form.js";
import {elementMaker} from "./element-maker.js";
import {type Experiment, experiments} from "./lab-experiments.js";
import {type LabState, runTexts, settingChanges} from "./lab-state.js";

/** The experiment that the settings of the state are, if any. */
export function chosenExperiment(state: LabState, fields: readonly SettingField[]): Experiment | undefined {
  const current = state.get();
  if (current.compare !== "yes") return undefined;
  const texts = {a: runTexts(current, fields, "a"), b: runTexts(current, fields, "b")};
  return experiments.find((experiment) => {
    const wanted = settingChanges(fields, experiment);
    const other = {a: runTexts(wanted, fields, "a"), b: runTexts(wanted, fields, "b")};
    return fields.every(({key}) => texts.a[key] === other.a[key] && texts.b[key] === other.b[key]);
  });
}

/** A button for each experiment, which brings its two runs into the form. */
export function labChooser(
  state: LabState,
  fields: readonly SettingField[],
  {document = globalThis.document}: {document?: Document} = {},
): {element: HTMLElement; update: (isLocked: boolean) => void} {
  const make = elementMaker(document);
  const buttons = experiments.map((experiment) => {
    const button = make(
      "button",
      {type: "button", class: "experiment"},
      make("strong", {}, experiment.title),
      make("span", {class: "experiment-text"}, experiment.question),
    );
    button.addEventListener("click", () => {
      state.set({...settingChanges(fields, experiment), compare: "yes", at: "latest"});
    });
    return {experiment, button};
  });
  const question = make("p", {class: "experiment-question"});
  const list = make(
    "div",
    {class: "lab-experiments", role: "group", "aria-label": "Experiments to begin with"},
    ...buttons.map(({button}) => button),
  );
  return {
    element: make("div", {}, list, question),
    update(isLocked) {
      const chosen = chosenExperiment(state, fields);
      question.textContent = chosen?.question ?? "";
      for (const {experiment, button} of buttons) {
        button.setAttribute("aria-pressed", String(experiment === chosen));
        button.disabled = isLocked;
      }
    },
  };
}
