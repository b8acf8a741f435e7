import type {SweepAxis} from "./sweep-axes.js";
import type {SweepRun} from "./sweep-run.js";

/** A run among others, by the settings in which they differ: `recipe=fp8 seed=1`. */
export const runTitle = (run: SweepRun, axes: readonly SweepAxis[]): string =>
  axes.map(({key, textOf, format}) => `${key}=${format(textOf(run))}`).join(" ") || run.name;
