import {existsSync, readdirSync, readFileSync, truncateSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {beforeAll, describe, expect, it} from "vitest";
import {createKernels} from "../../src/kernels/kernels.js";
import {
  checkpointFiles,
  removeCheckpoint,
  runOfCheckpoint,
  unfinishedFolder,
} from "../../src/sweeps/checkpoint-files.js";
import {findGarbage} from "../../src/sweeps/collect-garbage.js";
import {openRunStore} from "../../src/sweeps/run-store.js";
import {surveyStore} from "../../src/sweeps/store-survey.js";
import {loadCorpus} from "../../src/training/corpora/load-corpus.js";
import {createRun, type RunCheckpoint} from "../../src/training/run.js";
import {temporaryFolder} from "../support/temporary-folder.js";
import {choices, sampleRecord, sampleSettings} from "./sample.js";

const run = {id: "0123456789abcdef0123", engine: "engine"};
const storeFolder = () => join(temporaryFolder(), "runs");
const filesOf = (store: string): string[] => {
  const folder = join(store, unfinishedFolder);
  return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
};

let checkpoint: RunCheckpoint;
beforeAll(async () => {
  const kernels = await createKernels();
  const settings = sampleSettings({
    layers: 1,
    width: 8,
    heads: 2,
    context: 8,
    batch: 2,
    steps: 5,
    probe: true,
  });
  const begun = createRun(settings, kernels, await loadCorpus(settings, {kernels}));
  begun.step();
  begun.step();
  checkpoint = begun.save();
  begun.close();
});

describe("checkpointFiles(place, run)", () => {
  it("loads what was saved last, and nothing before", async () => {
    const files = checkpointFiles({storeFolder: storeFolder()}, run);
    expect(await files.load()).toBeUndefined();
    await files.save({...checkpoint, seconds: 1});
    await files.save({...checkpoint, trainingLoss: [Number.NaN, -0]});
    expect(await files.load()).toEqual({...checkpoint, trainingLoss: [Number.NaN, -0]});
  });

  it("finds nothing of another run or of another engine", async () => {
    const place = {storeFolder: storeFolder()};
    await checkpointFiles(place, run).save(checkpoint);
    expect(await checkpointFiles(place, {...run, engine: "newer"}).load()).toBeUndefined();
    expect(await checkpointFiles(place, {...run, id: "f".repeat(20)}).load()).toBeUndefined();
    expect(await checkpointFiles(place, run).load()).toEqual(checkpoint);
  });

  it.each<[string, (file: string) => void]>([
    ["empty", (file) => truncateSync(file)],
    ["cut short", (file) => truncateSync(file, 1000)],
    ["foreign", (file) => writeFileSync(file, "no checkpoint at all, but longer than a hash")],
    [
      "damaged",
      (file) => {
        const content = readFileSync(file);
        content[content.length >> 1] ^= 1;
        writeFileSync(file, content);
      },
    ],
  ])("removes a file that is %s, and the run begins anew", async (_, damage) => {
    const store = storeFolder();
    const files = checkpointFiles({storeFolder: store}, run);
    await files.save(checkpoint);
    damage(filesOf(store)[0]);
    expect(await files.load()).toBeUndefined();
    expect(filesOf(store)).toEqual([]);
  });

  it("costs a run nothing where it cannot be written", async () => {
    const store = storeFolder();
    writeFileSync(store, "a file in the place of the folder");
    const files = checkpointFiles({storeFolder: store}, run);
    await files.save(checkpoint);
    expect(await files.load()).toBeUndefined();
    await removeCheckpoint(store, run);
  });
});

it("runOfCheckpoint(name) is the run of a checkpoint's file, and of no other", async () => {
  const store = storeFolder();
  await checkpointFiles({storeFolder: store}, run).save(checkpoint);
  expect(readdirSync(join(store, unfinishedFolder)).map(runOfCheckpoint)).toEqual([run]);
  for (const name of [`${run.id}.json`, `x${run.id}-engine.checkpoint`, `${run.id}-.checkpoint`])
    expect(runOfCheckpoint(name)).toBeUndefined();
});

it("a record that is put into the store takes the place of its checkpoint, and of no other", async () => {
  const store = openRunStore({folder: storeFolder()});
  const record = sampleRecord();
  for (const of of [record, run]) await checkpointFiles({storeFolder: store.folder}, of).save(checkpoint);
  await store.put(record);
  expect((await surveyStore(store)).checkpoints.map(({run}) => run)).toEqual([run]);
});

it("checkpoints of other engines and of finished runs are garbage, those of runs that may go on are not", async () => {
  const store = openRunStore({folder: storeFolder()});
  const record = sampleRecord();
  await store.put(record);
  for (const of of [record, run, {...run, engine: "older"}])
    await checkpointFiles({storeFolder: store.folder}, of).save(checkpoint);
  const survey = await surveyStore(store);
  expect(survey.foreign).toEqual([]);
  const garbage = findGarbage({survey, failures: [], choices, engine: "engine"});
  expect(garbage.map(({reason}) => reason)).toEqual([
    "the checkpoint of a run that has been finished since",
    "the checkpoint of a run by engine older",
  ]);
});
