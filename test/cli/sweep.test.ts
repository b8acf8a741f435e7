import {writeFileSync} from "node:fs";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {bitscape, temporaryFolder} from "./bitscape.js";

const folder = temporaryFolder();
process.env.BITSCAPE_STORE = join(folder, "runs");
const file = join(folder, "small.yaml");
writeFileSync(
  file,
  "layers: 1\nwidth: 16\nheads: 1\ncontext: 16\nbatch: 4\nsteps: 3\nevaluationBatches: 1\nrecipe: [fp32, fp8]\n",
);

describe("bitscape sweep", () => {
  it("lists what is missing, computes it once, and lists it as finished", async () => {
    const before = await bitscape(["sweep", file, "--dry-run"]);
    expect(before.stdout.toString()).toMatch(/missing +recipe=fp32\n.*missing +recipe=fp8\n$/);
    const {code, stdout} = await bitscape(["sweep", file, "--workers", "1"]);
    expect(code).toBe(0);
    expect(stdout.toString()).toMatch(/\d\.\d{4} .* recipe=fp32\n.*\d\.\d{4} .* recipe=fp8\n$/);
    const after = await bitscape(["sweep", file, "--dry-run"]);
    expect(after.stdout.toString()).toMatch(/finished +recipe=fp32\n.*finished +recipe=fp8\n$/);
    const again = await bitscape(["sweep", file, "--json"]);
    const hashes = again.stdout.toString().trimEnd().split("\n");
    expect(new Set(hashes.map((line) => JSON.parse(line).weightHash)).size).toBe(2);
    expect(again.stderr).toBe("");
  });

  it.each([
    [["sweep", "nosuch"], /^bitscape: there are no settings "nosuch"; known: .*\n$/],
    [["sweep", file, "--workers", "0"], /^bitscape: --workers 0: expected a whole number from 1 to 1024\n$/],
  ])("refuses %j in one line", async (args, message) => {
    const {code, stderr} = await bitscape(args);
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
  });
});
