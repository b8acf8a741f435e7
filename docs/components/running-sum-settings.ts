import {parseFormat} from "../src/formats/parse.js";
import type {StochasticForm, SumSettings} from "../src/precision/running-sum.js";
import type {StateOf} from "./page-state.js";
import type {RoundingChoices} from "./rounding-choices.js";

/** What the state of the page asks to be added up. */
export const runningSumSettings = (state: StateOf<RoundingChoices>): SumSettings => ({
  format: parseFormat(state.sum),
  add: state.add === "random" ? "random" : Number(state.add),
  count: Number(state.count),
  form: state.form as StochasticForm,
  bits: Number(state.random),
  seed: Number(state.seed),
});
