import {describe, expect, it} from "vitest";
import {divergenceWatch, explosion} from "../../src/training/divergence.js";

const watch = () => divergenceWatch(27, {log: Math.log});
const guessing = Math.log(27);

/** The first step after which the watch tells that the run has diverged, and why. */
function firstDivergence(losses: readonly number[]) {
  const reasonAfter = watch();
  for (const [i, loss] of losses.entries()) {
    const reason = reasonAfter({loss, heldOutLoss: null});
    if (reason) return {step: i + 1, reason};
  }
  return null;
}

const repeated = (loss: number, count: number) => new Array<number>(count).fill(loss);

describe("divergenceWatch(vocabularySize)", () => {
  it.each([Number.NaN, Number.POSITIVE_INFINITY])("finds a training loss of %d at once", (loss) => {
    const found = firstDivergence([3, loss]);
    expect(found).toEqual({step: 2, reason: "the training loss is not a finite number"});
  });

  it("finds a held-out loss or weights that are not finite behind a loss that is", () => {
    expect(watch()({loss: 1, heldOutLoss: Number.NaN})).toBe("the held-out loss is not a finite number");
    const outcome = {loss: 1, heldOutLoss: null};
    expect(watch()({...outcome, weightsAreFinite: false})).toBe("a weight is not a finite number");
    expect(watch()({...outcome, weightsAreFinite: true})).toBeNull();
  });

  it("finds a loss of more than four times that of guessing after fifty steps on end", () => {
    const high = 4.01 * guessing;
    const found = firstDivergence([...repeated(3, 10), ...repeated(high, 60)]);
    expect(found?.step).toBe(10 + explosion.steps);
    expect(found?.reason).toBe(
      "the training loss was above 13.2 nats, 4 times that of guessing, for 50 steps",
    );
  });

  it("lets a run recover from spikes, and stay just below", () => {
    const spike = [...repeated(1e6, explosion.steps - 1), 3];
    expect(firstDivergence([...spike, ...spike, ...spike])).toBeNull();
    expect(firstDivergence(repeated(3.99 * guessing, 1000))).toBeNull();
  });
});
