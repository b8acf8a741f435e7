import {writeFileSync} from "node:fs";
import {join} from "node:path";
import {pathToFileURL} from "node:url";
import {expect, it, vi} from "vitest";
import {engineId} from "../../src/kernels/generated.js";
import {createKernels} from "../../src/kernels/kernels.js";
import {checkpointFiles} from "../../src/sweeps/checkpoint-files.js";
import {plan} from "../../src/sweeps/plan.js";
import {plannedRuns} from "../../src/sweeps/planned-runs.js";
import {parsePreset} from "../../src/sweeps/preset.js";
import {runAll} from "../../src/sweeps/run-all.js";
import {startProcess} from "../../src/sweeps/run-process.js";
import {openRunStore} from "../../src/sweeps/run-store.js";
import {settingsChoices} from "../../src/sweeps/settings-choices.js";
import {loadCorpus} from "../../src/training/corpora/load-corpus.js";
import {packageFolder} from "../../src/training/folders.js";
import {trainRun} from "../../src/training/train-run.js";
import {parseYaml} from "../../src/training/yaml-source.js";
import {temporaryFolder} from "../support/temporary-folder.js";

const tiny =
  "layers: 1\nwidth: 8\nheads: 2\ncontext: 8\nbatch: 2\nsteps: 5\nevaluationBatches: 1\nprobe: true\n";

const planned = (yaml: string) =>
  plan(parsePreset("tiny", parseYaml(yaml, "tiny.yaml")), [], settingsChoices());

const openStore = () => openRunStore({folder: join(temporaryFolder(), "runs")});

it("the worker program computes the same records as trainRun does here, and the store gives them back", async () => {
  const runs = planned(
    `${tiny}vocabulary: [character, byte]\nscheme: [standard, unit]\nrecipe: [fp32, fp8]\n`,
  );
  const store = openStore();
  const records = await runAll(runs, {store, workers: 2});
  for (const [i, run] of runs.entries()) {
    const kernels = await createKernels();
    const {timing: _, ...record} = await trainRun(run, kernels, await loadCorpus(run, {kernels}));
    expect(records[i]).toMatchObject(record);
    expect(await store.get(record.id)).toEqual(records[i]);
  }
});

it("the worker program reports in one line what is wrong with a corpus", async () => {
  const corpus = join(temporaryFolder(), "short.txt");
  writeFileSync(corpus, "To be");
  const runs = planned(`${tiny}corpus: ${corpus}\n`);
  await expect(runAll(runs, {store: openStore()})).rejects.toThrow(
    `the run failed: corpus ${corpus} is too short for context 8`,
  );
});

it("a worker that is killed loses what its run has done since its last checkpoint, and no more", async () => {
  const [settings] = planned(`${tiny.replace("steps: 5", "steps: 3000")}recipe: fp8-delayed\n`);
  const [{id}] = plannedRuns([settings], engineId);
  const checkpoints = {storeFolder: join(temporaryFolder(), "runs"), interval: 50};
  const program = pathToFileURL(join(packageFolder, "build/run-worker.js"));
  const files = checkpointFiles(checkpoints, {id, engine: engineId});

  const killed = startProcess(program);
  const lost = killed.compute({id, settings, checkpoints}, () => {}).catch((error: Error) => error.message);
  await vi.waitUntil(() => files.load(), {timeout: 30_000});
  await killed.stop();
  expect(await lost).toContain("killed");
  const reached = (await files.load())!.trainer.stepsDone;
  expect(reached).toBeGreaterThan(0);

  const steps: number[] = [];
  const second = startProcess(program);
  const record = await second.compute({id, settings, checkpoints}, ({step}) => steps.push(step));
  await second.stop();
  expect(steps[0]).toBeGreaterThan(reached);
  const kernels = await createKernels();
  const {timing: _, ...whole} = await trainRun(settings, kernels, await loadCorpus(settings, {kernels}));
  expect(record).toMatchObject(whole);
});
