import {failure} from "../src/errors.js";
import {readDeclarations} from "../src/training/corpora/declarations.js";
import type {RunRecord} from "../src/training/run-record.js";

/** The one run that readers can repeat in their browser, with what the browser needs for it and can compare. */
export function tabRun([record, ...others]: readonly RunRecord[]) {
  const {id, engine, settings, parameters, weightHash, trainingLoss, finalHeldOutLoss, timing} = record;
  const corpus = readDeclarations().get(settings.corpus);
  if (others.length > 0) throw failure(`data/settings/tab.yaml: one run is wanted, not ${others.length + 1}`);
  if (corpus?.kind !== "markov") {
    throw failure(
      `data/settings/tab.yaml: a browser can train on generated text only, not on ${settings.corpus}`,
    );
  }
  return {id, engine, settings, corpus, parameters, weightHash, trainingLoss, finalHeldOutLoss, timing};
}
