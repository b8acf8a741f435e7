import {expect, it} from "vitest";
import {readDeclarations} from "../../src/training/corpora/declarations.js";
import type {MarkovDeclaration} from "../../src/training/corpora/markov.js";
import {bundleForBrowser} from "../../tools/site/bundle.js";
import {describeInBrowser} from "../docs/browser.js";
import {runHashes} from "./recorded-runs.js";

// Changed bits change every run like these: a new hash here is right only together with a reason why the engine computes
// something else than before.
const recorded = {
  "u-µP with Hadamard transforms and random bits": "15e28ca2a2a81d9e",
  "µnit scaling with square-root softmax, Lion and 8-bit integers": "cd78a9585c2f9b03",
  "unit-scaled convolutions with delayed scales, LAMB and a matrix unit": "e5c176f99334b4bb",
  "a recurrent model with a dynamic loss scale and momentum": "3060e4ab7ba7c24f",
  "µP in DeepSeek's tiles, with norms after the branches": "228349cc4b51808d",
  "weights quantized after training": "0f4b335d13f775a7",
};

const declaration = readDeclarations().get("markov") as MarkovDeclaration;

it("runs with every part of the engine give the results on record, on any machine", async () => {
  expect(await runHashes(declaration)).toEqual(recorded);
});

describeInBrowser("in Chromium", (browser) => {
  it("the same runs give the same results", async () => {
    const script = {format: "iife", globalName: "recorded"} as const;
    const page = await browser().newPage();
    await page.addScriptTag({content: await bundleForBrowser("test/training/recorded-runs.ts", script)});
    const hashes = await page.evaluate(
      (declaration) =>
        (globalThis as unknown as {recorded: {runHashes: typeof runHashes}}).recorded.runHashes(declaration),
      declaration,
    );
    await page.close();
    expect(hashes).toEqual(recorded);
  });
});
