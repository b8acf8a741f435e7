import type {Bench, LabRun} from "./lab-bench.js";
import {countText} from "./lab-status.js";

/**
 * Runs and the reader's presence: the tab's title tells how far they are, a reader who comes back hears what went on, and
 * one who leaves is asked first.
 * @param onReturn called with what happened while the tab was hidden
 */
export function labPresence(bench: Bench, onReturn: (note: string) => void, document: Document): void {
  const {title} = document;
  let before: readonly LabRun[] = [];
  bench.subscribe(() => {
    const active = bench.active();
    const done = active.reduce((sum, {step}) => sum + step, 0);
    const all = active.reduce((sum, {settings}) => sum + settings.steps, 0);
    const wanted = active.length > 0 ? `${Math.floor((100 * done) / all)} % · ${title}` : title;
    // Setting it costs a frame even if it stays the same.
    if (document.title !== wanted) document.title = wanted;
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) before = bench.active();
    else onReturn(hiddenNote(before, bench));
  });
  document.defaultView!.addEventListener("beforeunload", (event) => {
    if (bench.active().length > 0) event.preventDefault();
  });
}

function hiddenNote(before: readonly LabRun[], bench: Bench): string {
  const texts = before.flatMap(({step, status, settings}) => {
    const now = bench.result(settings);
    if (!now || status === "paused" || now.status === "failed") return [];
    return now.step > step
      ? [`went on from step ${countText(step)} to ${countText(now.step)}`]
      : ["did not go on, since this browser holds hidden tabs"];
  });
  return texts.length > 0 ? `While this tab was hidden, training ${[...new Set(texts)].join(", and ")}.` : "";
}
