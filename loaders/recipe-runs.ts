import type {RunRecord} from "../src/training/run-record.js";

/** What the page on recipes quotes of every run; the settings are those in which the runs differ. */
export function recipeRuns(records: readonly RunRecord[]) {
  const [{settings, parameters, floor}] = records;
  const {layers, width, heads, context, batch, steps, optimizer, corpus} = settings;
  const probeEvery = Math.max(...records.map(({settings}) => settings.probeEvery));
  return {
    model: {layers, width, heads, context, batch, steps, optimizer, corpus, probeEvery, parameters, floor},
    engines: [...new Set(records.map(({engine}) => engine))],
    runs: records.map(({id, settings, finalHeldOutLoss, diverged, probes}) => ({
      id,
      scheme: settings.scheme,
      recipe: settings.recipe,
      seed: settings.seed,
      learningRate: settings.learningRate,
      loss: finalHeldOutLoss,
      diverged,
      probed: probes.length > 0,
    })),
  };
}
