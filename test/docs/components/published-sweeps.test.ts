// @vitest-environment jsdom
import {expect, it} from "vitest";
import {
  type PublishedSweepRow,
  publishedSweepsTable,
  repeatedClaim,
  timeText,
} from "../../../docs/components/published-sweeps.js";

const row = (changes: Partial<PublishedSweepRow> = {}): PublishedSweepRow => ({
  ...{name: "precision", command: "bitscape sweep precision --publish", engines: ["47633660546edf25"]},
  machines: [{processor: "AMD EPYC", cores: 2, node: "v20.20.2", platform: "linux x64", runs: 204}],
  ...{finished: "2026-11-22T23:25:18.815Z", runs: 204, diverged: 0, coreSeconds: 1866, wallSeconds: 994.7},
  repeated: {runs: 23, equal: 23, differing: [], seconds: {published: 12, here: 14}},
  ...changes,
});
const broken = {runs: 4, equal: 3, differing: ["d4933c4ed8e2c685ff86"], seconds: {published: 5, here: 6}};

it("repeatedClaim(published) counts the runs with equal weights over all sweeps", () => {
  const sweeps = [
    row(),
    row({name: "targets", repeated: {...broken, equal: 4, differing: []}}),
    row({repeated: null}),
  ];
  expect(repeatedClaim({engine: "e", sweeps})).toBe(
    "The computer that built this site computed 27 of the published runs again, in 20 s of one core: all 27 ended with the published weights, bit for bit.",
  );
});

it("repeatedClaim(published) says plainly when weights differ, or nothing was repeated", () => {
  expect(repeatedClaim({engine: "e", sweeps: [row(), row({repeated: broken})]})).toMatch(
    /: 26 ended with the published weights, 1 did not\. The table says which\.$/,
  );
  expect(repeatedClaim({engine: "e", sweeps: [row({repeated: null})]})).toMatch(/^No published run was/);
});

it("publishedSweepsTable(published) has a row for each sweep, with its cost, its machine and its repeat", () => {
  const unknown = row({name: "transfer", machines: [], wallSeconds: null, finished: null, repeated: null});
  const mended = row({runs: 213, engines: ["47633660546edf25", "fe151c96975243c0"]});
  const sweeps = [row(), unknown, row({repeated: broken}), mended];
  const table = publishedSweepsTable({engine: "e", sweeps});
  const texts = [...table.querySelectorAll("tbody tr")].map((line) =>
    [...line.children].map(({textContent}) => textContent).join(" | "),
  );
  expect(texts).toEqual([
    "precision | 204 | 23 of 23 equal | 31 min | 17 min | 2026-11-22 | AMD EPYC, 2 cores, Node 20.20.2 | 47633660546edf25",
    "transfer | 204 | has no quick size | 31 min | not noted | not noted | not noted | 47633660546edf25",
    expect.stringMatching(/\| 3 of 4 equal; not d4933c4ed8e2c685ff86 \|/),
    expect.stringMatching(/, Node 20\.20\.2; not noted for 9 runs \| 47633660546edf25 fe151c96975243c0$/),
  ]);
  expect(table.querySelector("a")?.getAttribute("href")).toBe("./sweeps?sweep=precision");
});

it("timeText(seconds) is short", () => {
  expect([8.4, 99, 100, 5990, 13805].map(timeText)).toEqual(["8 s", "99 s", "2 min", "100 min", "3.8 h"]);
});
