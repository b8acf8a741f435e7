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
    expect(before.stdout.toString()).toMatch(
      / missing .* ~1 s +recipe=fp32\n.* missing .* recipe=fp8\n\n2 runs: 2 missing\n.*\ntime: about 1 s .*by a table.*\nmemory: .*\n$/,
    );
    const {code, stdout, stderr} = await bitscape(["sweep", file, "--workers", "1"]);
    expect(code).toBe(0);
    expect(stdout.toString()).toMatch(/\d\.\d{4} .* recipe=fp32\n.*\d\.\d{4} .* recipe=fp8\n$/);
    expect(stderr).toMatch(/^0 % {2}0 of 2 runs\n2 runs: 2 computed in \d+ s\n$/);
    const after = await bitscape(["sweep", file, "--dry-run"]);
    expect(after.stdout.toString()).toMatch(
      / finished .* \d s +recipe=fp32\n.* finished .* recipe=fp8\n\n2 runs: 2 finished\noperations: .*, of which 0 are left.*\n$/,
    );
    const json = await bitscape(["sweep", file, "--dry-run", "--json"]);
    expect(JSON.parse(json.stdout.toString())).toMatchObject({
      counts: {finished: 2, missing: 0},
      coreSeconds: 0,
    });
    const again = await bitscape(["sweep", file, "--json"]);
    const hashes = again.stdout.toString().trimEnd().split("\n");
    expect(new Set(hashes.map((line) => JSON.parse(line).weightHash)).size).toBe(2);
    expect(again.stderr).toBe("2 runs: 2 finished before\n");
    const table = await bitscape(["sweep", file]);
    expect(table.stdout.toString()).toBe(stdout.toString());
  });

  it.each([
    [["sweep", "nosuch"], /^bitscape: there are no settings "nosuch"; known: .*\n$/],
    [["sweep", file, "--workers", "0"], /^bitscape: --workers 0: expected a whole number from 1 to 1024\n$/],
    [["sweep", file, "--retries", "-1"], /^bitscape: --retries -1: expected a whole number from 0 to 100\n$/],
    [
      ["sweep", file, "--shard", "0/2"],
      /^bitscape: --shard 0\/2: expected i\/n with i from 1 to n, as in 1\/8\n$/,
    ],
    [["sweep", file, "--shard", "3/2"], /^bitscape: --shard 3\/2: expected i\/n/],
    [
      ["sweep", file, "--shard", "1/2", "--publish"],
      /^bitscape: --publish takes the runs that the settings file describes: leave out --shard\n$/,
    ],
    [["sweep", file, "--quick"], /^bitscape: .*small\.yaml: small has no quick size; a block "quick: /],
    [["sweep", file, "--keep-going", "--fail-fast"], /^bitscape: option '--fail-fast' cannot be used with/],
  ])("refuses %j in one line", async (args, message) => {
    const {code, stderr} = await bitscape(args);
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
  });
});
