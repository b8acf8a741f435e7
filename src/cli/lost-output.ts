import {closeSync} from "node:fs";
import {isatty} from "node:tty";

/**
 * Has the program end in order when its output goes nowhere any more. Where whoever read it has seen enough, as in
 * `bitscape formats | head`, it ends, and long work is asked to finish as by Ctrl-C. What is written to a terminal that was
 * closed is lost, and nothing else: SIGHUP has told of it, unless the work was meant to outlive it.
 */
export function endWithOutput(): void {
  process.stderr.on("error", () => {});
  let isFinishing = false;
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EIO" || isFinishing) return;
    if (error.code !== "EPIPE") throw error;
    if (process.listenerCount("SIGHUP") === 0) process.exit();
    isFinishing = true;
    process.emit("SIGHUP", "SIGHUP");
  });
  // Node gives terminals their modes back when it ends, and aborts where one is gone, unless its descriptor is closed.
  const terminals = [0, 1, 2].filter((descriptor) => isatty(descriptor));
  process.on("exit", () => {
    for (const descriptor of terminals) if (!isatty(descriptor)) closeSync(descriptor);
  });
}
