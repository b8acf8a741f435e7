import {elementMaker} from "./element-maker.js";
import {enable} from "./enable-button.js";
import {isMenu, type LabField} from "./lab-fields.js";
import {inB, type LabState} from "./lab-state.js";
import {
  changedSettings,
  changedTo,
  leftField,
  newSettingsHistory,
  redoneSettings,
  type SettingsHistory,
  undoneSettings,
} from "./settings-history.js";

export interface LabUndo {
  readonly element: HTMLElement;
  /** While a run is under way its settings stay as they are. */
  readonly update: (isLocked: boolean) => void;
  /** Called when a field was left: what is typed there next is another edit. */
  readonly leaveField: () => void;
}

export interface LabUndoOptions {
  readonly state: LabState;
  readonly fields: readonly LabField[];
  /** Keys of all settings, those that the form does not show among them. */
  readonly keys: readonly string[];
  readonly document?: Document;
}

/**
 * Takes back what was set of both runs, by buttons or by Ctrl-Z where that means nothing else, and says what it was, since
 * the setting may be folded away.
 */
export function labUndo({state, fields, keys, document = globalThis.document}: LabUndoOptions): LabUndo {
  const make = elementMaker(document);
  const names = [...keys.flatMap((key) => [key, inB(key)]), "compare"];
  const settings = () => Object.fromEntries(names.map((name) => [name, state.get()[name]]));
  const isTyped = (name: string) =>
    fields.some((field) => !isMenu(field) && [field.key, inB(field.key)].includes(name));
  let history = newSettingsHistory(settings());
  let isLocked = false;
  let said = "";

  const undo = make("button", {type: "button", class: "undo-button"}, "Undo");
  const redo = make("button", {type: "button", class: "undo-button"}, "Redo");
  const text = make("span", {class: "undo-text", role: "status"});
  const show = () => {
    const {past, future} = history.edits;
    enable(undo, !isLocked && past.length > 0);
    enable(redo, !isLocked && future.length > 0);
    if (text.textContent !== said) text.textContent = said;
  };
  const note = () => {
    const before = history;
    history = changedTo(history, settings(), isTyped);
    if (history.edits !== before.edits) said = "";
    show();
  };
  const go = (next: SettingsHistory, word: string) => {
    if (isLocked || next.edits === history.edits) return false;
    said = `${word}: ${changeText(changedSettings(history.edits.present, next.edits.present), fields)}`;
    history = next;
    state.set(next.edits.present);
    show();
    return true;
  };
  const onUndo = () => go(undoneSettings(history), "Undone");
  const onRedo = () => go(redoneSettings(history), "Redone");
  undo.addEventListener("click", onUndo);
  redo.addEventListener("click", onRedo);
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "z" || !(event.ctrlKey || event.metaKey) || event.altKey) return;
    if (event.defaultPrevented || isTextField(event.target)) return;
    if (event.shiftKey ? onRedo() : onUndo()) event.preventDefault();
  });
  // What one press sets in several steps is one edit.
  state.subscribe(() => queueMicrotask(note), names);
  return {
    element: make("div", {class: "lab-undo", role: "group", "aria-label": "Changes"}, undo, redo, text),
    update(locked) {
      isLocked = locked;
      show();
    },
    leaveField() {
      history = leftField(history);
    },
  };
}

/** Where the browser takes back what was typed. */
const isTextField = (target: EventTarget | null): boolean =>
  (target as Element | null)?.matches?.("textarea, input:not([type=checkbox], [type=range], [type=file])") ??
  false;

/** What was changed, in a few words: what the form shows first of it, and how much else. */
function changeText(changed: readonly string[], fields: readonly LabField[]): string {
  const isChanged = (name: string) => changed.includes(name);
  // The page sets the checksum of a text by itself.
  const namesOf = (key: string) => (key === "corpus" ? [key, "corpusChecksum"] : [key]);
  const [first, ...others] = [
    ...(isChanged("compare") ? ["Compare two runs"] : []),
    ...fields.flatMap(({key, label}) => [
      ...(namesOf(key).some(isChanged) ? [`${label}, run A`] : []),
      ...(namesOf(key).map(inB).some(isChanged) ? [`${label}, run B`] : []),
    ]),
  ];
  return others.length > 0 ? `${first} and ${others.length} more` : first;
}
