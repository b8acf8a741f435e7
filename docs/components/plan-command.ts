import type {StateOf} from "./page-state.js";
import {type PlanChoices, quantityNames} from "./plan-choices.js";
import {listValues} from "./toggle-control.js";

const options = {
  parameters: "--parameters",
  tokens: "--tokens",
  compute: "--flops",
  memory: "--memory",
} as const;

/** The command that answers the same on a terminal. Laws of our own need a fit there, and are left out. */
export function planCommand(state: StateOf<PlanChoices>, published: readonly string[]): string {
  const chosen = listValues(state.laws).filter((name) => published.includes(name));
  const parts = [
    ...quantityNames.flatMap((name) =>
      state[name] === "" ? [] : [options[name], state[name].replaceAll(/\s/g, "")],
    ),
    ...(state.bits === "best" ? [] : ["--bits", state.bits]),
    ...(state.block === "128" ? [] : ["--block-size", state.block]),
    ...(chosen.length === published.length ? [] : chosen.flatMap((name) => ["--law", name])),
  ];
  return ["bitscape plan", ...parts].join(" ");
}
