import {isRecipePart} from "./lab-fields.js";
import type {SweepAxis} from "./sweep-axes.js";
import type {SweepRun} from "./sweep-run.js";

/** What runs share, or in what one differs from others: `recipe=fp8 seed=1`, without parts that are left to the recipe. */
export const valuesTitle = (run: SweepRun, axes: readonly SweepAxis[]): string =>
  axes
    .filter((axis) => !isRecipePart(axis.key) || axis.textOf(run) !== "recipe")
    .map(({key, textOf, format}) => `${key}=${format(textOf(run))}`)
    .join(" ");

/** A run among others. */
export const runTitle = (run: SweepRun, axes: readonly SweepAxis[]): string =>
  valuesTitle(run, axes) || run.name;

/** Equal for runs with the same values. */
export const valuesKey = (run: SweepRun, axes: readonly SweepAxis[]): string =>
  JSON.stringify(axes.map(({textOf}) => textOf(run)));
