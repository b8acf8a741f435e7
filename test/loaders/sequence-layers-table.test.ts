import {expect, it} from "vitest";
import {sequenceLayersTable} from "../../loaders/sequence-layers-table.js";
import type {RunRecord} from "../../src/training/run-record.js";

/** What the table reads of a record. */
const record = (settings: object, finalHeldOutLoss: number | null) =>
  ({
    id: JSON.stringify(settings),
    settings: {
      scheme: "standard",
      optimizer: "adamw",
      sequenceLayer: "attention",
      seed: 1,
      lossScale: "recipe",
      ...settings,
    },
    ...{finalHeldOutLoss, floor: 0.6, parameters: 10, tokens: 20},
  }) as unknown as RunRecord;

it("sequenceLayersTable(records) takes the learning rate that is best in fp32 over all seeds, for every recipe", () => {
  const rows = sequenceLayersTable([
    record({recipe: "fp32", learningRate: 1, seed: 1}, 1.0),
    record({recipe: "fp32", learningRate: 1, seed: 2}, 3.0),
    record({recipe: "fp32", learningRate: 2, seed: 1}, 1.5),
    record({recipe: "fp32", learningRate: 2, seed: 2}, 1.5),
    record({recipe: "fp32", learningRate: 4, seed: 1}, 0.5),
    record({recipe: "fp32", learningRate: 4, seed: 2}, null),
    record({recipe: "fp8", learningRate: 1, lossScale: 2048}, 0.1),
    record({recipe: "fp8", learningRate: 2, lossScale: 2048}, 1.7),
    record({recipe: "fp32", learningRate: 8, optimizer: "sgd"}, 2),
  ]).objects() as {
    optimizer: string;
    recipe: string;
    learning_rate: number;
    loss: number;
    loss_scale: number;
  }[];
  expect(
    rows.map(({optimizer, recipe, learning_rate, loss, loss_scale}) => [
      optimizer,
      recipe,
      learning_rate,
      loss,
      loss_scale,
    ]),
  ).toEqual([
    ["adamw", "fp32", 2, 1.5, 1],
    ["adamw", "fp32", 2, 1.5, 1],
    ["adamw", "fp8", 2, 1.7, 2048],
    ["sgd", "fp32", 8, 2, 1],
  ]);
});
