import {expect, it} from "vitest";
import {recommend} from "../../src/laws/plan.js";
import {publishedPlanLaws, readPlanLaw} from "../../src/laws/plan-laws.js";

const constants = Object.entries(publishedPlanLaws()[0].constants).map(([name, value]) => ({name, value}));
const fit = {law: "precision", constants, bootstrap: null, table: {domain: {tokens: [1e9, 1e10]}}};

it("readPlanLaw() takes what bitscape fit writes", () => {
  const planLaw = readPlanLaw(JSON.stringify(fit), "ours");
  expect(planLaw).toMatchObject({title: "ours", origin: "own", domain: {tokens: [1e9, 1e10]}});
  const {recommended, outside} = recommend(planLaw, {compute: 1e24});
  expect(recommended).toEqual(recommend(publishedPlanLaws()[0], {compute: 1e24}).recommended);
  expect(outside).toEqual(["tokens"]);
});

it.each([
  ["no JSON", "{", "it is no JSON"],
  ["a list", "[]", "it is no object"],
  ["another object", "{}", "law and constants are missing"],
  ["a constant without a value", JSON.stringify({...fit, constants: [{name: "A"}]}), "no name or value"],
  ["an unknown law", JSON.stringify({...fit, law: "presicion"}), "did you mean precision?"],
  [
    "a missing constant",
    JSON.stringify({...fit, constants: constants.slice(1)}),
    "precision needs the constant A",
  ],
  [
    "replicates of another law",
    JSON.stringify({...fit, bootstrap: {constants: [[1, 2]], confidence: 0.95}}),
    "do not have 11 constants",
  ],
])("readPlanLaw() refuses %s", (_, text, message) => {
  expect(() => readPlanLaw(text, "file")).toThrow(message);
});
