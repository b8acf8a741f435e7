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

/** Shows how much of something is done and a few words about it. */
export interface StatusDisplay {
  readonly show: (share: number, status: () => string) => void;
  readonly finish: () => void;
}

/** A bar with the time left on a terminal, else a line every ten seconds. Nothing at all when nothing is computed. */
export function progressDisplay({
  stream = process.stderr,
}: {
  stream?: NodeJS.WriteStream;
} = {}): ProgressDisplay {
  const {show, finish} = statusDisplay({stream});
  return {
    onProgress: (progress) => isComputing(progress) && show(progress.share, () => describe(progress)),
    onDownload: (progress) =>
      show(progress.total ? progress.received / progress.total : Number.NaN, () =>
        describeDownload(progress),
      ),
    finish,
  };
}

/**
 * A bar on a terminal, else a line every ten seconds; nothing in the first `quietFor` milliseconds, so that what is quick
 * says nothing. A share that is not known is NaN.
 */
export function statusDisplay({
  stream = process.stderr,
  quietFor = 0,
}: {
  stream?: NodeJS.WriteStream;
  quietFor?: number;
} = {}): StatusDisplay {
  const {show, finish} = stream.isTTY ? barDisplay(stream) : lineDisplay(stream);
  const begin = performance.now() + quietFor;
  return {show: (share, status) => performance.now() >= begin && show(share, status), finish};
}

function barDisplay(stream: NodeJS.WriteStream): StatusDisplay {
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
  return {
    show(share, status) {
      const payload = {status: status()};
      if (!bar.isActive) bar.start(1, 0, payload);
      bar.update(Number.isNaN(share) ? 0 : share, payload);
    },
    finish: () => bar.stop(),
  };
}

function lineDisplay(stream: NodeJS.WriteStream): StatusDisplay {
  let next = 0;
  return {
    show(share, status) {
      const now = performance.now();
      if (now < next) return;
      next = now + lineInterval;
      stream.write(`${Number.isNaN(share) ? "" : `${Math.floor(share * 100)} %  `}${status()}\n`);
    },
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
