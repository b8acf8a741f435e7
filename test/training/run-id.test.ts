import {createHash} from "node:crypto";
import {expect, it} from "vitest";
import {canonicalJson} from "../../src/training/canonical-json.js";
import {runId} from "../../src/training/run-id.js";
import {recordVersion} from "../../src/training/run-record.js";
import {settingsParser} from "../../src/training/run-settings-schema.js";

const parse = settingsParser({schemes: ["standard"], recipes: ["fp32"], corpusChecksum: () => ""});

it("runId(settings, engine) is the beginning of a SHA-256 of settings, engine and record version", () => {
  const settings = parse({});
  const content = canonicalJson({settings, engine: "e1", version: recordVersion});
  expect(runId(settings, "e1")).toBe(createHash("sha256").update(content).digest("hex").slice(0, 20));
});

it("runId(settings, engine) does not depend on the order of keys, and on everything else", () => {
  const settings = parse({});
  const reversed = Object.fromEntries(Object.entries(settings).reverse()) as unknown as typeof settings;
  const id = runId(settings, "e1");
  expect(runId(reversed, "e1")).toBe(id);
  expect(runId(parse({seed: 2}), "e1")).not.toBe(id);
  expect(runId(settings, "e2")).not.toBe(id);
});
