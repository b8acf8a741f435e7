import type {LabRun} from "./lab-bench.js";
import {runSeconds, type TimedRun} from "./run-seconds.js";

/** "4 s", "2 min 10 s", "1 h 5 min": a time to wait. */
export function durationText(seconds: number): string {
  const whole = Math.max(1, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  if (whole < 3600) return `${Math.round(whole / 60)} min`;
  return `${Math.floor(whole / 3600)} h ${Math.round((whole % 3600) / 60)} min`;
}

export const countText = (count: number): string => Math.round(count).toLocaleString("en");

const stepsText = (steps: number): string => `${countText(steps)} ${steps === 1 ? "step" : "steps"}`;

/** Where a run stands, in one line. */
export function runStatus(run: LabRun, recorded?: LabRun): string {
  const {status, step, losses, settings, diverged} = run;
  const {steps} = settings;
  const loss = losses.length > 0 ? `, loss ${losses[losses.length - 1].toFixed(3)}` : "";
  if (status === "starting") return "Starting.";
  if (status === "failed") return `Not trained: ${run.message}${/[.?]$/.test(run.message) ? "" : "."}`;
  if (status === "stopped")
    return `Stopped after step ${step} of ${steps}${loss}. The run can be begun again.`;
  if (status === "paused") return `Paused after step ${step} of ${steps}${loss}.`;
  if (status === "running") return `Step ${step} of ${steps}${loss}, ${speedText(run)}.`;
  const verdict = hashText(run, recorded);
  if (diverged) return `Diverged in step ${diverged.step}: ${diverged.reason}.${verdict}`;
  const heldOut = run.heldOutLoss.at(-1)?.loss;
  const result = heldOut === undefined ? "" : `, held-out loss ${heldOut.toFixed(3)}${postTrainingText(run)}`;
  if (run.origin === "recorded") return `Recorded: ${stepsText(steps)}${result}.`;
  return `${stepsText(steps)} in ${durationText(run.seconds)}${result}.${verdict}`;
}

function postTrainingText({postTraining}: LabRun): string {
  const losses = postTraining.map(
    ({cast, method, heldOutLoss}) =>
      `${method === "gptq" ? "gptq " : ""}${cast} ${Number.isFinite(heldOutLoss) ? heldOutLoss.toFixed(3) : "no number"}`,
  );
  return losses.length > 0 ? `; with the weights then cast: ${losses.join(", ")}` : "";
}

function speedText({step, seconds, settings: {steps, batch, context}}: LabRun): string {
  if (step === 0 || seconds === 0) return "just begun";
  const tokensPerSecond = (step * batch * context) / seconds;
  return `${countText(tokensPerSecond)} tokens/s, ${durationText(((steps - step) * seconds) / step)} left`;
}

function hashText(run: LabRun, recorded: LabRun | undefined): string {
  if (run.origin === "recorded" || !recorded || !run.weightHash) return "";
  if (run.weightHash === recorded.weightHash) return " Every bit of its weights is as recorded.";
  return run.engine === recorded.engine
    ? " Its weights differ from the recorded ones though the engine is the same: please report this."
    : " Its weights differ from the recorded ones, which another version of the engine made.";
}

/** Size and time of a run before it begins; `pace` is how many times as long as expected runs took so far. */
export function runEstimate(
  run: TimedRun,
  {pace, isMeasured}: {pace: number; isMeasured: boolean},
): {text: string; seconds: number} {
  const {steps, batch, context} = run.settings;
  const seconds = pace * runSeconds(run);
  const text =
    `${countText(run.parameters)} parameters, ${stepsText(steps)} of ${countText(batch * context)} tokens: ` +
    `about ${durationText(seconds)}${isMeasured ? " here" : ""}.`;
  return {text, seconds};
}
