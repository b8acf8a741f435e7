import {describe, expect, it} from "vitest";
import {BitscapeError} from "../../src/errors.js";
import {createKernels} from "../../src/kernels/kernels.js";
import {parseOverrides} from "../../src/sweeps/overrides.js";
import {placedRuns} from "../../src/sweeps/plan.js";
import {parsePreset} from "../../src/sweeps/preset.js";
import {reasonsWithPlaces} from "../../src/sweeps/refusal-reason.js";
import {unreadCorpus} from "../../src/sweeps/run-memory.js";
import {settingsChoices} from "../../src/sweeps/settings-choices.js";
import {planMemory} from "../../src/training/run.js";
import {parseYaml} from "../../src/training/yaml-source.js";

const kernels = await createKernels();

/** What people read about the last run of a settings file, which its model refuses. */
function reasonOfLast(yaml: string, overrides: readonly string[] = []): string {
  const preset = parsePreset("some", parseYaml(`layers: 1\n${yaml}`, "some.yaml"));
  const runs = placedRuns(preset, parseOverrides(overrides, ["some"]), settingsChoices());
  const {settings} = runs[runs.length - 1];
  try {
    planMemory(settings, kernels, unreadCorpus(settings));
  } catch (error) {
    if (!(error instanceof BitscapeError)) throw error;
    const attempt = {reason: error.message, exitCode: error.exitCode as 1 | 2};
    return reasonsWithPlaces(runs)({id: "", label: "", settings}, attempt);
  }
  throw new Error("the model refuses nothing");
}

describe("reasonsWithPlaces(runs)", () => {
  it.each([
    [
      "recipe: mxfp4\nforwardUnit: h100-wgmma\n",
      /^some\.yaml:3: forwardUnit: h100-wgmma does not multiply e2m1/,
    ],
    [
      "recipe: mxfp4\nweightGradientUnit:\n  - fp32\n  - a100-mma\n",
      /^some\.yaml:5: weightGradientUnit: a100-mma/,
    ],
    [
      "context: 15\nbatch: 1\nrecipe: nvfp4\n",
      /^some\.yaml:4: recipe: weightGradient\w+: hadamard needs sums .* not 15;/,
    ],
    [
      "width: 24\nheads: 1\nforwardActivation: mxfp8 hadamard\nforwardWeight: mxfp8 hadamard\n",
      /^some\.yaml:4: forwardActivation: hadamard needs sums .* not 24;/,
    ],
    [
      "weightGradientGradient: mxfp8 hadamard\n",
      /^some\.yaml:2: weightGradientGradient: both operands of a product need the word hadamard/,
    ],
    [
      "straightThrough: clipped\nforwardActivation: mxfp8 hadamard\nforwardWeight: mxfp8 hadamard\n",
      /^some\.yaml:2: straightThrough: clipped gradients do not go with mxfp8 hadamard/,
    ],
    ["heads: 8\nquery: mxfp8 hadamard\n", /^some\.yaml:3: query: hadamard needs sums .* not 8;/],
    ["layerRecipes: block 3=fp8\n", /^some\.yaml:2: layerRecipes: no layer is called "block 3"/],
    ["forwardUnit: a100-mma\nlayerRecipes: first=mxfp4\n", /^some\.yaml: forwardUnit: a100-mma does not/],
    [
      "cases:\n  - {recipe: fp8}\n  - {recipe: fp8, inputGradientUnit: a100-mma}\n",
      /^some\.yaml:4: inputGradientUnit: a100-mma does not multiply e5m2 by e4m3/,
    ],
  ])("names the file, and the line of the setting at fault: %j", (yaml, expected) => {
    expect(reasonOfLast(yaml)).toMatch(expected);
  });

  it("names --set, where that gave the setting", () => {
    expect(reasonOfLast("recipe: mxfp4\n", ["forwardUnit=a100-mma"])).toMatch(/^--set forwardUnit: a100-mma/);
  });

  it("names no place of what the settings are not to blame for", () => {
    const runs = placedRuns(parsePreset("some", parseYaml("seed: 1", "some.yaml")), [], settingsChoices());
    const run = {id: "", label: "", settings: runs[0].settings};
    expect(reasonsWithPlaces(runs)(run, {reason: "seed: lost", exitCode: 1})).toBe("seed: lost");
  });
});
