import type {SweepProgress} from "../sweeps/run-progress.js";
import type {DownloadProgress} from "../training/corpora/download.js";
import {describeCounts, describeDownload, isComputing} from "./progress-display.js";
import {silence, sweepFrame} from "./sweep-frame.js";

/** Shows a sweep on stderr; `finish` must be called at the end, whatever that is. */
export interface SweepDisplay {
  readonly onProgress: (progress: SweepProgress) => void;
  readonly onDownload: (progress: DownloadProgress) => void;
  /** A line that stays. */
  readonly onNotice: (line: string) => void;
  readonly finish: () => void;
}

/** How often the terminal is drawn, also when nothing is heard: times go on. */
const frameInterval = 200;
/** Without a terminal, how often a line is written. */
const lineInterval = 10_000;

/** A live table on a terminal, else a line every ten seconds. Nothing at all when nothing is computed. */
export const sweepDisplay = ({stream = process.stderr}: {stream?: NodeJS.WriteStream} = {}): SweepDisplay =>
  stream.isTTY ? liveTable(stream) : plainLines(stream);

function liveTable(stream: NodeJS.WriteStream): SweepDisplay {
  let latest: {progress: SweepProgress; time: number} | undefined;
  let download = "";
  let drawn = 0;
  const clear = () => {
    if (drawn > 0) stream.write(`\x1b[${drawn}A\r\x1b[J`); // to the first line of the frame, and empty from there on
    drawn = 0;
  };
  const draw = () => {
    const size = {columns: stream.columns || 80, rows: stream.rows || 24};
    const lines = latest && isComputing(latest.progress) ? sweepFrame(aged(latest), size) : [];
    if (download) lines.unshift(download);
    clear();
    for (const line of lines) stream.write(`${line}\n`);
    drawn = lines.length;
  };
  const timer = setInterval(draw, frameInterval).unref();
  return {
    onProgress(progress) {
      latest = {progress, time: performance.now()};
      if (progress.running.length > 0) download = "";
    },
    onDownload(progress) {
      download = describeDownload(progress);
    },
    onNotice(line) {
      clear();
      stream.write(`${line}\n`);
      draw();
    },
    finish() {
      clearInterval(timer);
      clear();
    },
  };
}

function plainLines(stream: NodeJS.WriteStream): SweepDisplay {
  let latest: {progress: SweepProgress; time: number} | undefined;
  let lastDownload = Number.NEGATIVE_INFINITY;
  const write = () => latest && isComputing(latest.progress) && stream.write(`${plainLine(aged(latest))}\n`);
  const timer = setInterval(write, lineInterval).unref();
  return {
    onProgress(progress) {
      const isFirst = latest === undefined;
      latest = {progress, time: performance.now()};
      if (isFirst) write();
    },
    onDownload(progress) {
      if (performance.now() - lastDownload < lineInterval) return;
      lastDownload = performance.now();
      stream.write(`${describeDownload(progress)}\n`);
    },
    onNotice: (line) => stream.write(`${line}\n`),
    finish: () => clearInterval(timer),
  };
}

/** The progress with the times of now. */
function aged({progress, time}: {progress: SweepProgress; time: number}): SweepProgress {
  const seconds = (performance.now() - time) / 1000;
  const running = progress.running.map((run) => ({
    ...run,
    seconds: run.seconds + seconds,
    quietSeconds: run.quietSeconds + seconds,
  }));
  return {...progress, running};
}

function plainLine(progress: SweepProgress): string {
  const quiet = progress.running
    .map(({id, quietSeconds}) => [id, silence(quietSeconds)])
    .filter(([, text]) => text !== "")
    .map(([id, text]) => `; run ${id}: ${text}`);
  return `${Math.floor(progress.share * 100)} %  ${describeCounts(progress)}${quiet.join("")}`;
}
