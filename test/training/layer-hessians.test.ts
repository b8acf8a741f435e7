import {expect, it} from "vitest";
import {createKernels} from "../../src/kernels/kernels.js";
import {recipeNames} from "../../src/recipes/index.js";
import {schemeNames} from "../../src/schemes/index.js";
import {batchTokens} from "../../src/training/corpora/corpus.js";
import {readDeclarations} from "../../src/training/corpora/declarations.js";
import {type MarkovDeclaration, markovCorpus} from "../../src/training/corpora/markov.js";
import {layerHessians} from "../../src/training/layer-hessians.js";
import {settingsParser} from "../../src/training/run-settings-schema.js";
import {createTrainer} from "../../src/training/trainer.js";

const parse = settingsParser({schemes: schemeNames, recipes: recipeNames, corpusChecksum: () => ""});

it.each([
  {name: "block 1 mlp down", changes: {}, fanIn: 96, groups: 1},
  {
    name: "block 1 convolution",
    changes: {sequenceLayer: "convolution", groups: 2, kernelSize: 7},
    fanIn: 84,
    groups: 2,
  },
])("layerHessians gives XᵀX of the coming batches: $name", async ({name, changes, fanIn, groups}) => {
  const kernels = await createKernels();
  const corpus = markovCorpus(readDeclarations().get("markov") as MarkovDeclaration, kernels);
  const [batch, context] = [8, 512]; // two batches make 8192 tokens
  const settings = parse({layers: 1, width: 24, heads: 2, context, batch, initialSpread: 0.2, ...changes});
  const trainer = createTrainer(settings, kernels, corpus);
  const point = trainer.probePoints.find(({layer, tensor}) => layer === name && tensor === "activation")!;
  const [hessians] = layerHessians(kernels, trainer, [{point, fanIn}]);
  expect(hessians).toHaveLength(groups);

  const expected = hessians.map((hessian) => new Float64Array(hessian.length));
  const [tokens, targets] = [new Int32Array(batch * context), new Int32Array(batch * context)];
  for (const step of [0, 1]) {
    batchTokens(corpus, {split: "training", seed: settings.seed, step, batch, context}, tokens, targets);
    trainer.gradients(tokens, targets);
    const columns = fanIn * groups;
    const x = kernels.float32(point.address, batch * context * columns);
    for (const [group, products] of expected.entries()) {
      for (let row = 0; row < batch * context; row++) {
        const start = row * columns + group * fanIn;
        for (let i = 0; i < fanIn; i++) {
          for (let j = i; j < fanIn; j++) products[i * fanIn + j] += x[start + i] * x[start + j];
        }
      }
    }
  }
  for (const [group, hessian] of hessians.entries()) {
    const size = Math.max(...expected[group]);
    expect(size).toBeGreaterThan(1);
    for (let i = 0; i < fanIn; i++) {
      for (let j = i; j < fanIn; j++) {
        const difference = hessian[i * fanIn + j] - expected[group][i * fanIn + j];
        expect(Math.abs(difference)).toBeLessThan(1e-5 * size);
      }
    }
  }
});
