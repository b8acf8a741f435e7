import type {RunningRun, SweepProgress} from "../sweeps/run-progress.js";
import {describeCounts, duration} from "./progress-display.js";
import {alignColumns} from "./text.js";

export interface FrameSize {
  readonly columns: number;
  readonly rows: number;
}

/** A run that is not heard of for so long is pointed out. */
const longSilence = 60;
const barWidth = 20;

/**
 * What a terminal shows of a sweep: a bar with counts and the time left, and a row for each run that is being computed.
 * No line is wider than the terminal, and there are fewer than it has rows.
 */
export function sweepFrame(progress: SweepProgress, {columns, rows}: FrameSize): string[] {
  const filled = Math.round(progress.share * barWidth);
  const bar = "━".repeat(filled) + "─".repeat(barWidth - filled);
  const head = `${bar} ${String(Math.floor(progress.share * 100)).padStart(3)} %  ${describeCounts(progress)}`;
  const places = Math.max(0, rows - 3);
  const {running} = progress;
  const shown = running.length <= places ? running : running.slice(0, Math.max(0, places - 1));
  const table =
    shown.length > 0 ? alignColumns([header, ...shown.map(row)], {right: [1, 2, 3]}).split("\n") : [];
  const more = running.length - shown.length;
  const lines = [head, ...table, ...(more > 0 && places > 0 ? [`and ${more} more`] : [])];
  return lines.map((line) => cut(line, columns - 1)); // a full last column would make some terminals wrap
}

const header = ["run", "step", "loss", "time", "settings"];

const row = ({id, step, steps, loss, seconds, quietSeconds, label, worker}: RunningRun): string[] => [
  id.slice(0, 8),
  `${step}/${steps}`,
  loss?.toFixed(3) ?? "",
  duration(seconds),
  [silence(quietSeconds), label || worker].filter((part) => part !== "").join("  "),
];

/** Says that nothing was heard of a run for long; it may hang, or have long steps. */
export const silence = (quietSeconds: number): string =>
  quietSeconds < longSilence ? "" : `no progress for ${duration(quietSeconds)}`;

const cut = (line: string, width: number): string =>
  line.length <= width ? line : `${line.slice(0, Math.max(0, width - 1))}…`;
