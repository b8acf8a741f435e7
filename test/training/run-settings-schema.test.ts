import fc from "fast-check";
import {expect, it} from "vitest";
import {usageError} from "../../src/errors.js";
import {type SettingsChoices, settingsKeys, settingsParser} from "../../src/training/run-settings-schema.js";

const choices: SettingsChoices = {
  schemes: ["standard", "unit"],
  recipes: ["fp32", "fp8", "fp8-scaled"],
  corpusChecksum: (corpus, given) => {
    if (corpus === "none") throw usageError('corpus "none" is not declared');
    return given || "0".repeat(64);
  },
};
const parse = settingsParser(choices);

const messageOf = (input: Record<string, unknown>): string => {
  try {
    parse(input, (key) => `${key}'s line: `);
  } catch (error) {
    expect(error).toMatchObject({name: "BitscapeError", exitCode: 2});
    return (error as Error).message;
  }
  throw new Error("the settings were accepted");
};

it("parse({}) gives a complete run of defaults", () => {
  const settings = parse({});
  expect(Object.keys(settings).sort()).toEqual([...settingsKeys].sort());
  expect(settings).toMatchObject({scheme: "standard", recipe: "fp32", corpus: "markov", seed: 1});
  expect(settings.corpusChecksum).toBe("0".repeat(64));
});

it("parse(settings) gives back its own result", () => {
  const settings = parse({width: 96, heads: 3, scheme: "unit", warmup: 7});
  expect(parse({...settings})).toEqual(settings);
});

it("parse({steps}) warms up for a tenth of the steps", () => {
  expect(parse({steps: 250}).warmup).toBe(25);
  expect(parse({steps: 1}).warmup).toBe(0);
});

it.each<[Record<string, unknown>, string | RegExp]>([
  [{widht: 3}, 'widht\'s line: unknown setting "widht"; did you mean "width"?'],
  [{scheme: "unti"}, 'scheme\'s line: scheme: "unti" is not one of standard, unit; did you mean "unit"?'],
  [{recipe: 8}, 'recipe\'s line: recipe: 8 is not one of fp32, fp8, fp8-scaled; did you mean "fp8"?'],
  [{layers: 0}, "layers's line: layers: 0 is not a whole number from 1 to 256"],
  [{layers: 1.5}, "layers's line: layers: 1.5 is not a whole number from 1 to 256"],
  [{layers: "two"}, 'layers\'s line: layers: "two" is not a whole number from 1 to 256'],
  [{layers: null}, "layers's line: layers: null is not a whole number from 1 to 256"],
  [{learningRate: 0}, "learningRate's line: learningRate: 0 is not a number in (0, 1000]"],
  [
    {learningRate: Number.POSITIVE_INFINITY},
    "learningRate's line: learningRate: Infinity is not a number in (0, 1000]",
  ],
  [{learningRate: Number.NaN}, "learningRate's line: learningRate: NaN is not a number in (0, 1000]"],
  [
    {masterWeights: "bf16 stohastic"},
    'masterWeights\'s line: masterWeights: unknown word "stohastic" in the cast "bf16 stohastic": did you mean stochastic?',
  ],
  [
    {firstMoment: 8},
    'firstMoment\'s line: firstMoment: 8 is not the text of a cast, such as "bf16 stochastic"',
  ],
  [{beta1: 1}, "beta1's line: beta1: 1 is not a number in [0, 1)"],
  [{residualWeight: 1}, "residualWeight's line: residualWeight: 1 is not a number in (0, 1)"],
  [{finalLearningRate: -0.1}, "finalLearningRate's line: finalLearningRate: -0.1 is not a number in [0, 1]"],
  [{seed: 2 ** 32}, "seed's line: seed: 4294967296 is not a whole number from 0 to 4294967295"],
  [
    {vocabulary: "bytes"},
    'vocabulary\'s line: vocabulary: "bytes" is not one of character, byte; did you mean "byte"?',
  ],
  [{probe: "yes"}, 'probe\'s line: probe: "yes" is not true or false'],
  [{corpus: ""}, 'corpus\'s line: corpus: "" is not the name of a corpus, a file or an http(s) address'],
  [{corpus: "none"}, 'corpus\'s line: corpus "none" is not declared'],
  [
    {corpusChecksum: "abc"},
    'corpusChecksum\'s line: corpusChecksum: "abc" is not a SHA-256 of 64 lower-case hexadecimal digits',
  ],
  [{width: 64, heads: 5}, "heads's line: heads: 5 does not divide width 64"],
  [{sequenceLayer: "convolution", width: 60}, "groups's line: groups: 8 does not divide width 60"],
  [
    {sequenceLayer: "recurent"},
    'sequenceLayer\'s line: sequenceLayer: "recurent" is not one of attention, convolution, recurrent; did you mean "recurrent"?',
  ],
  [{steps: 10, warmup: 11}, "warmup's line: warmup: 11 is more than steps 10"],
  [
    {forwardWeight: "e4m3fn tensr"},
    'forwardWeight\'s line: forwardWeight: unknown word "tensr" in the cast "e4m3fn tensr": did you mean tensor?',
  ],
  [{query: "forward"}, /^query's line: query: unknown format "forward"/],
  [{forwardUnit: "h100"}, /^forwardUnit's line: forwardUnit: unknown unit "h100"/],
  [
    {layerRecipes: "head=fp9"},
    'layerRecipes\'s line: layerRecipes: unknown recipe "fp9" of head: did you mean fp8?',
  ],
  [
    {lossScale: "dynamik"},
    'lossScale\'s line: lossScale: "dynamik" is not recipe, none, dynamic or a positive number; did you mean "dynamic"?',
  ],
  [{lossScale: 0}, "lossScale's line: lossScale: 0 is not a number in (0, 1e38]"],
])("parse(%o) says what is wrong and what is allowed", (input, message) => {
  if (typeof message === "string") expect(messageOf(input)).toBe(message);
  else expect(messageOf(input)).toMatch(message);
});

it("parse takes parts of a recipe as text, and a loss scale as number or word", () => {
  const parts = {
    ...{forwardWeight: "mxfp4 stochastic", weightGradientActivation: "forward", lossScale: 1024},
    ...{forwardUnit: "h100-wgmma promotion=128", layerRecipes: "head=fp32, * qkv=fp8"},
  };
  expect(parse(parts)).toMatchObject(parts);
  expect(parse({lossScale: "dynamic"}).lossScale).toBe("dynamic");
});

it("parse knows what other tools call a setting, and names the nearest where none is near", () => {
  expect(messageOf({lr: 1})).toBe(`lr's line: unknown setting "lr"; did you mean "learningRate"?`);
  const all = `data/settings/schema.json describes all ${settingsKeys.length}`;
  expect(messageOf({temperature: 1})).toBe(
    `temperature's line: unknown setting "temperature"; the nearest is "momentum"; ${all}`,
  );
});

it("parse takes the ends of closed intervals", () => {
  const ends = {finalLearningRate: 1, beta1: 0, weightDecay: 0, seed: 2 ** 32 - 1, warmup: 0};
  expect(parse(ends)).toMatchObject(ends);
});

it("parse either fills in settings that can run, or throws one line", () => {
  const value = fc.oneof(
    fc.integer(),
    fc.double(),
    fc.string(),
    fc.boolean(),
    fc.constant(null),
    fc.array(fc.integer()),
  );
  const input = fc.dictionary(fc.constantFrom(...settingsKeys, "extra"), value, {maxKeys: 3});
  const property = fc.property(input, (settings) => {
    try {
      const {width, heads} = parse(settings);
      expect(width % heads).toBe(0);
    } catch (error) {
      expect(error).toMatchObject({name: "BitscapeError", exitCode: 2});
      expect((error as Error).message).not.toContain("\n");
    }
  });
  fc.assert(property, {numRuns: 500});
});
