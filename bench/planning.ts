import {createHash} from "node:crypto";
import {plan} from "../src/sweeps/plan.js";
import {plannedRuns} from "../src/sweeps/planned-runs.js";
import {parsePreset} from "../src/sweeps/preset.js";
import {settingsChoices} from "../src/sweeps/settings-choices.js";
import {parseYaml} from "../src/training/yaml-source.js";
import {type Candidate, repeated} from "./measure.js";

/** Ten thousand runs. */
const settings = `layers: 2
width: [32, 64, 96, 128, 160, 192, 224, 256, 288, 320]
recipe: [fp32, fp8, int8, mxfp4]
learningRate: [0.001, 0.002, 0.004, 0.008, 0.016]
seed: 1..50
`;

/** From the text of a settings file to runs with ids and labels, as a sweep begins. */
export const planning = (): Candidate => repeated("planning", "runs/s", 10_000, planAll);

const planAll = () =>
  plannedRuns(plan(parsePreset("bench", parseYaml(settings, "bench.yaml")), [], settingsChoices()), "engine");

/** What cannot be saved: reading and hashing the JSON of as many runs. */
export function hashing(): Candidate {
  const texts = planAll().map((run) => JSON.stringify(run.settings));
  return repeated("JSON and SHA-256", "runs/s", texts.length, () => {
    for (const text of texts)
      createHash("sha256")
        .update(JSON.stringify(JSON.parse(text)))
        .digest("hex");
  });
}
