import type {RunSummary} from "./run-summary.js";

/** How to cite a figure, and the ids of the runs that it shows: `bitscape train` gives the same bits under each. */
export function sourceLine(
  figure: string,
  runs: readonly Pick<RunSummary, "id" | "engine" | "settings">[],
): string {
  const ids = runs.map(({id, settings}) => `${settings.scheme} ${settings.recipe} ${id.slice(0, 12)}`);
  const engines = [...new Set(runs.map(({engine}) => engine))];
  return `Bitscape, “Unit scaling”, ${figure}. Runs: ${ids.join(", ")}. Engine: ${engines.join(", ")}.`;
}
