import {failure} from "../errors.js";
import {engineId} from "../kernels/generated.js";
import {findGarbage, type Garbage, removeGarbage} from "../sweeps/collect-garbage.js";
import {openFailures} from "../sweeps/failures.js";
import {openRunStore} from "../sweeps/run-store.js";
import {settingsChoices} from "../sweeps/settings-choices.js";
import {filesIn, recordFileName} from "../sweeps/store-files.js";
import {surveyStore} from "../sweeps/store-survey.js";
import {bytesOf} from "../sweeps/sweep-status.js";
import {fileProblem} from "../training/file-problem.js";
import {alignColumns, byteText, counted} from "./text.js";

export interface GarbageCollection {
  readonly dryRun?: true;
  readonly otherEngines?: true;
  readonly json?: true;
}

/** Removes what the store can do without, and says what that is. */
export async function collectGarbage({dryRun, otherEngines, json}: GarbageCollection): Promise<void> {
  const store = openRunStore({readOnly: dryRun});
  const survey = await surveyStore(store);
  const failures = await storedFailures(store.folder);
  const sources = {survey, failures, choices: settingsChoices(), engine: engineId, otherEngines};
  const garbage = findGarbage(sources);
  const kept = dryRun ? [] : removeGarbage(garbage);
  const text = json
    ? JSON.stringify({store: store.folder, removed: !dryRun, garbage})
    : describe(garbage, dryRun);
  process.stdout.write(`${text}\n`);
  if (kept.length > 0) {
    throw failure(`cannot remove ${kept[0].path}: ${fileProblem(kept[0].error)} (${kept.length} files stay)`);
  }
}

async function storedFailures(storeFolder: string) {
  const {folder, list} = openFailures(storeFolder);
  const failures = await list();
  const files = await filesIn(folder);
  return files.flatMap((file) => {
    const failure = [...failures.values()].find(({id}) => recordFileName(id) === file.name);
    return failure ? [{failure, file}] : [];
  });
}

function describe(garbage: readonly Garbage[], dryRun?: true): string {
  if (garbage.length === 0) return "nothing to remove";
  const rows = garbage.map(({path, bytes, reason}) => [byteText(bytes), path, reason]);
  const count = `${counted(garbage.length, "file")}, ${byteText(bytesOf(garbage))}`;
  return `${alignColumns(rows, {right: [0]})}\n${dryRun ? "would remove" : "removed"} ${count}`;
}
