import type {StopSignals} from "../sweeps/executor.js";

export interface StoppingOptions {
  /** Time for the runs in flight once a scheduler has asked to end (SIGTERM). */
  readonly graceSeconds: number;
  readonly onNotice: (line: string) => void;
  readonly signals?: NodeJS.EventEmitter;
  readonly now?: () => number;
}

/** Ctrl-C comes twice at once where npm or `timeout` passes on what the whole process group has received. */
const sameMoment = 500;

/**
 * Runs `work`, which a first Ctrl-C, SIGTERM or SIGHUP makes finish what is in flight, and a second one stop now; so does
 * the grace time after SIGTERM. A third ends the process at once. SIGHUP counts as the first only: a closed terminal may
 * send several, and so does output that nobody takes.
 */
export async function stoppable<T>(
  work: (stop: StopSignals) => Promise<T>,
  {graceSeconds, onNotice, signals = process, now = () => performance.now()}: StoppingOptions,
): Promise<T> {
  const [drain, stop] = [new AbortController(), new AbortController()];
  let last = Number.NEGATIVE_INFINITY;
  let grace: NodeJS.Timeout | undefined;
  const stopNow = (line: string) => {
    onNotice(line);
    stop.abort();
  };
  const receive = (signal: NodeJS.Signals) => {
    const isEcho = now() - last < sameMoment;
    last = now();
    if (isEcho || (signal === "SIGHUP" && drain.signal.aborted)) return;
    if (stop.signal.aborted) process.exit(130);
    if (drain.signal.aborted) return stopNow("stopping now");
    drain.abort();
    if (signal !== "SIGTERM") return onNotice("finishing the runs in flight; Ctrl-C again stops now");
    onNotice(`asked to end (SIGTERM): finishing the runs in flight for up to ${graceSeconds} s`);
    grace = setTimeout(() => stopNow(`stopping: ${graceSeconds} s have passed`), graceSeconds * 1000);
  };
  const names = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const name of names) signals.on(name, receive);
  try {
    return await work({drain: drain.signal, now: stop.signal});
  } finally {
    clearTimeout(grace);
    for (const name of names) signals.off(name, receive);
  }
}
