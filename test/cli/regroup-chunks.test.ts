import {expect, test} from "vitest";
import {regroupChunks} from "../../src/cli/regroup-chunks.js";

async function regrouped(lengths: readonly number[], multiple: number): Promise<number[][]> {
  let next = 0;
  async function* chunks() {
    for (const length of lengths) yield Uint8Array.from({length}, () => next++);
  }
  const out: number[][] = [];
  for await (const chunk of regroupChunks(chunks(), multiple)) out.push([...chunk]);
  return out;
}

test("chunks become multiples of a number of bytes, but for the last", async () => {
  expect(await regrouped([3, 4, 1, 5], 4)).toEqual([[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11], [12]]);
  expect(await regrouped([9, 1], 2)).toEqual([
    [0, 1, 2, 3, 4, 5, 6, 7],
    [8, 9],
  ]);
});

test("an infinite multiple gives one chunk, and no data none", async () => {
  expect(await regrouped([2, 3], Number.POSITIVE_INFINITY)).toEqual([[0, 1, 2, 3, 4]]);
  expect(await regrouped([], 4)).toEqual([]);
  expect(await regrouped([0], 4)).toEqual([]);
});
