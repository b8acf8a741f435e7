import {expect, it} from "vitest";
import {settingsKey} from "../../../docs/components/lab-bench.js";
import {experiments} from "../../../docs/components/lab-experiments.js";
import {datasetRuns} from "../../../loaders/dataset.js";
import {declarationChecksum, readDeclarations} from "../../../src/training/corpora/declarations.js";
import {settingsForm} from "../../../src/training/settings-form.js";

const checksum = declarationChecksum(readDeclarations().get("markov")!);
const form = settingsForm(() => checksum);

it("the experiments of the lab are the runs that it has recorded", () => {
  const wanted = experiments.flatMap(({a, b}) =>
    [a, {...a, ...b}].map((texts) => {
      const {settings, errors} = form.check(texts);
      expect(errors).toEqual({});
      return settingsKey(settings!);
    }),
  );
  const recorded = datasetRuns("lab.json", []).map(settingsKey);
  expect(new Set(wanted)).toEqual(new Set(recorded));
});
