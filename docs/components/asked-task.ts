import {elementMaker} from "./element-maker.js";
import {Stopped} from "./task-runner.js";

/** Something that takes a while and is done only when the reader asks. */
interface AskedTask<Result> {
  /** The button, and what becomes of the task. */
  readonly element: HTMLElement;
  /** The last result, if it still answers the present question. */
  readonly result: () => Result | undefined;
  /** Looks again whether the last result answers the present question. */
  readonly update: () => void;
}

interface AskedTaskOptions<Result> {
  /** What the button says. */
  readonly label: string;
  /** What a result depends on, as a text. */
  readonly key: () => string;
  /** A result that is there without asking. */
  readonly known?: () => Result | undefined;
  readonly run: (onProgress: (done: number, of: number) => void) => Promise<Result>;
  readonly stop: () => void;
  readonly onResult: () => void;
  readonly document?: Document;
}

/** Results that are kept. */
const mostKept = 10;

export function askedTask<Result>({
  label,
  key,
  known = () => undefined,
  run,
  stop,
  onResult,
  document = globalThis.document,
}: AskedTaskOptions<Result>): AskedTask<Result> {
  const make = elementMaker(document);
  const button = make("button", {type: "button"}, label);
  const progress = make("progress", {"aria-label": label});
  const text = make("span", {role: "status"});
  const element = make("div", {class: "asked-task fit-line"}, button, progress, text);
  const results = new Map<string, Result>();
  let running: string | undefined;
  const result = () => results.get(key()) ?? known();
  const update = () => {
    button.hidden = running === undefined && result() !== undefined;
    button.textContent = running === undefined ? label : "Stop";
    progress.hidden = running === undefined;
    element.hidden = button.hidden && text.textContent === "";
  };
  const start = async () => {
    const asked = key();
    running = asked;
    text.textContent = "";
    progress.removeAttribute("value");
    update();
    try {
      const found = await run((done, of) => {
        progress.max = of;
        progress.value = done;
      });
      results.set(asked, found);
      if (results.size > mostKept) results.delete(results.keys().next().value!);
    } catch (error) {
      if (running === asked)
        text.textContent = error instanceof Stopped ? "Stopped." : (error as Error).message;
    }
    if (running === asked) running = undefined;
    update();
    onResult();
  };
  button.addEventListener("click", () => {
    if (running === undefined) start();
    else stop();
  });
  update();
  return {element, result, update};
}
