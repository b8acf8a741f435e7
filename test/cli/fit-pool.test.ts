import {describe, expect, it} from "vitest";
import {fitOnCores} from "../../src/cli/fit-pool.js";
import {fit as fitTo} from "../../src/laws/fit.js";
import type {FitRequest} from "../../src/laws/fit-message.js";
import {lawOf} from "../../src/laws/index.js";
import {largestLosses} from "../../src/laws/largest-losses.js";
import {replicationTable} from "../laws/replication.js";

const table = replicationTable();
const request: FitRequest = {
  law: "chinchilla",
  table,
  options: {
    droppedRows: largestLosses(table, 5),
    starts: 30,
    variableProjection: false,
    bootstrap: {replicates: 11, by: "group"},
    heldOut: {folds: 3},
    leaveLargestOut: {},
  },
};

describe("a fit on several cores", () => {
  it("is that of one thread to the last bit, whatever the number of workers", async () => {
    const alone = fitTo(lawOf(request.law), table, request.options);
    for (const workers of [1, 3]) expect(await fitOnCores(request, {workers})).toEqual(alone);
  });

  it("tells how far it is, up to all searches of each stage", async () => {
    const last: Record<string, number> = {};
    await fitOnCores(request, {
      workers: 2,
      onProgress({stage, done, of}) {
        expect(done).toBeGreaterThan(last[stage] ?? 0);
        expect(done).toBeLessThanOrEqual(of);
        last[stage] = done;
      },
    });
    expect(last).toEqual({starts: 30, replicates: 11, folds: 3, largest: 1});
  });

  it("ends when it is stopped", async () => {
    let asked = 0;
    const stopping = fitOnCores(request, {workers: 2, isStopped: () => ++asked > 4});
    await expect(stopping).rejects.toThrow("the fit was stopped");
  });

  it("says what is wrong with a table, and with a worker that cannot start", async () => {
    const {loss, ...columns} = table.columns;
    await expect(fitOnCores({...request, table: {...table, columns}})).rejects.toThrow(
      "chinchilla needs a column loss",
    );
    const program = new URL("file:///nowhere/fit-worker.js");
    await expect(fitOnCores(request, {program, workers: 1})).rejects.toThrow("a worker of the fit failed");
  });
});
