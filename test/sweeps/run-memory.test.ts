import {expect, it} from "vitest";
import {createKernels} from "../../src/kernels/kernels.js";
import {largestRunBytes, unreadCorpus, workerBytes, workersThatFit} from "../../src/sweeps/run-memory.js";
import {settingsChoices} from "../../src/sweeps/settings-choices.js";
import {loadCorpus} from "../../src/training/corpora/load-corpus.js";
import {totalBytes} from "../../src/training/memory-plan.js";
import {createRun, planMemory} from "../../src/training/run.js";
import {settingsParser} from "../../src/training/run-settings-schema.js";

const parse = settingsParser(settingsChoices());
const small = {layers: 1, width: 16, heads: 2, context: 16, batch: 2, steps: 2, vocabulary: "byte"};

it.each([
  {},
  {probe: true},
  {probe: true, recipe: "mxfp4", optimizer: "lamb"},
  {sequenceLayer: "recurrent", optimizer: "sgd", recipe: "fp8"},
])("planMemory(settings) is the plan that the run makes, with %j", async (changes) => {
  const settings = parse({...small, ...changes});
  const kernels = await createKernels();
  const run = createRun(settings, kernels, await loadCorpus(settings, {kernels}));
  const mark = kernels.mark();
  expect(planMemory(settings, kernels, unreadCorpus(settings))).toEqual(run.memory);
  expect(kernels.mark()).toBe(mark);
});

it.each([
  {batch: 65_536, context: 8192},
  {batch: 65_536, context: 1024, width: 256, heads: 256, probabilities: "bf16", softmaxOutput: "e4m3fn"},
])("planMemory(settings) tells at once of models with more parts than fit a computer: %j", async (sizes) => {
  const settings = parse({...small, ...sizes});
  const kernels = await createKernels();
  const tebibyte = 2 ** 40;
  expect(totalBytes(planMemory(settings, kernels, unreadCorpus(settings)))).toBeGreaterThan(tebibyte / 2);
});

it("largestRunBytes(runs) is what the largest one needs, wherever it stands", async () => {
  const [a, b, c] = [16, 256, 64].map((width) => parse({...small, width}));
  const largest = totalBytes(planMemory(b, await createKernels(), unreadCorpus(b)));
  expect(await largestRunBytes([a, b, c])).toBe(largest);
  expect(await largestRunBytes([a, {...a, context: 4096}, c])).toBeGreaterThan(largest);
  expect(await largestRunBytes([])).toBe(0);
});

it("workersThatFit(bytes, machine) leaves a tenth of the machine to others, and is at least one", () => {
  expect(workersThatFit(workerBytes, 20 * workerBytes)).toBe(9);
  expect(workersThatFit(1e12, 1e9)).toBe(1);
});
