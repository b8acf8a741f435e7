import type {TabRun} from "./tab-run.js";

/** Whether the run in the tab gave the recorded weights, in plain words. */
export function hashVerdict(
  recorded: Pick<TabRun, "weightHash" | "engine">,
  live: Pick<TabRun, "weightHash" | "engine">,
): {agrees: boolean; text: string} {
  if (live.weightHash === recorded.weightHash) {
    return {
      agrees: true,
      text: "The weights agree: every bit of every weight is the same as in the recorded run.",
    };
  }
  const reason =
    live.engine === recorded.engine
      ? "The engine is the same, so this is a defect: please report it with your browser's name."
      : `The recorded run was made by another version of the engine (${recorded.engine}; here ${live.engine}).`;
  return {agrees: false, text: `The weights differ. ${reason}`};
}
