// Says in a browser's worker whether a run could begin. The page posts a question, the worker one answer.
import {createKernels} from "../kernels/kernels.js";
import {type RefusalQuestion, type RunRefusal, runRefusal} from "./run-refusal.js";

/** What the worker tells. */
export interface RefusalAnswer {
  readonly refusal: RunRefusal | undefined;
}

addEventListener("message", async ({data}: MessageEvent<RefusalQuestion>) => {
  const refusal = await runRefusal(data, await createKernels());
  postMessage({refusal} satisfies RefusalAnswer);
});
