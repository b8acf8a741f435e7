import {SingleBar} from "cli-progress";
import type {SweepProgress} from "../sweeps/run-progress.js";
import type {DownloadProgress} from "../training/corpora/download.js";

/** Shows the progress of runs on stderr; `finish` must be called at the end, whatever that is. */
export interface ProgressDisplay {
  readonly onProgress: (progress: SweepProgress) => void;
  readonly onDownload: (progress: DownloadProgress) => void;
  readonly finish: () => void;
}

/** Without a terminal, a line is written at most so often. */
const lineInterval = 10_000;

/** A bar with the time left on a terminal, else a line every ten seconds. Nothing at all when nothing is computed. */
export function progressDisplay({
  stream = process.stderr,
}: {
  stream?: NodeJS.WriteStream;
} = {}): ProgressDisplay {
  return stream.isTTY ? barDisplay(stream) : lineDisplay(stream);
}

function barDisplay(stream: NodeJS.WriteStream): ProgressDisplay {
  const bar = new SingleBar({
    stream,
    format: "{bar} {percentage} %  {status}",
    barCompleteChar: "━",
    barIncompleteChar: "─",
    barsize: 30,
    hideCursor: true,
    clearOnComplete: true,
    gracefulExit: false,
  });
  const show = (share: number, status: string) => {
    if (!bar.isActive) bar.start(1, 0, {status});
    bar.update(share, {status});
  };
  return {
    onProgress: (progress) => isComputing(progress) && show(progress.share, describe(progress)),
    onDownload: (progress) =>
      show(progress.total ? progress.received / progress.total : 0, describeDownload(progress)),
    finish: () => bar.stop(),
  };
}

function lineDisplay(stream: NodeJS.WriteStream): ProgressDisplay {
  let next = 0;
  const show = (line: () => string) => {
    const now = performance.now();
    if (now < next) return;
    next = now + lineInterval;
    stream.write(`${line()}\n`);
  };
  return {
    onProgress: (progress) =>
      isComputing(progress) && show(() => `${Math.floor(progress.share * 100)} %  ${describe(progress)}`),
    onDownload: (progress) => show(() => describeDownload(progress)),
    finish: () => {},
  };
}

/** Whether anything is left to be computed. */
export const isComputing = ({running, waiting}: SweepProgress): boolean => running.length > 0 || waiting > 0;

/** The counts with the step of the run that has been going for longest. */
function describe(progress: SweepProgress): string {
  const current = progress.running.find(({loss}) => loss !== null);
  const step = current
    ? `step ${current.step} of ${current.steps}, loss ${current.loss!.toFixed(3)}`
    : "starting";
  return describeCounts(progress, step);
}

/** `12 of 36 runs, 1 failed, 3 min 20 s left`; the number of runs where there are several. */
export function describeCounts(
  {total, stored, finished, failed, secondsLeft}: SweepProgress,
  current = "",
): string {
  const missing = total - stored;
  const parts = [
    missing > 1 ? `${finished} of ${missing} runs` : "",
    failed > 0 ? `${failed} failed` : "",
    current,
    secondsLeft === null ? "" : `${duration(secondsLeft)} left`,
  ];
  return parts.filter((part) => part !== "").join(", ");
}

/** `8 s`, `3 min 20 s` or `2 h 5 min`. */
export function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** `downloading shakespeare: 0.5 of 1.1 MB` */
export function describeDownload({name, received, total}: DownloadProgress): string {
  return `downloading ${name}: ${megabytes(received)}${total ? ` of ${megabytes(total)}` : ""} MB`;
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);
