import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {
  changedSettings,
  changedTo,
  leftField,
  newSettingsHistory,
  redoneSettings,
  type SettingsHistory,
  undoneSettings,
} from "../../../docs/components/settings-history.js";

const names = ["recipe", "width", "b.width"];
const isTyped = (name: string) => name !== "recipe";
const begun = newSettingsHistory({recipe: "fp8", width: "48", "b.width": ""});

const present = ({edits}: SettingsHistory) => edits.present;
const set = (history: SettingsHistory, changes: Readonly<Record<string, string>>) =>
  changedTo(history, {...present(history), ...changes}, isTyped);

const changes = fc.dictionary(fc.constantFrom(...names), fc.constantFrom("", "1", "2", "3"), {maxKeys: 3});

/** A history that the reader could have arrived at. */
const histories = fc
  .array(
    fc.oneof(
      changes.map((made) => (history: SettingsHistory) => set(history, made)),
      fc.constantFrom(undoneSettings, redoneSettings, leftField),
    ),
    {maxLength: 30},
  )
  .map((actions) => actions.reduce((history, act) => act(history), begun));

describe("changedTo(history, next)", () => {
  it("makes one edit of all that changes at once, and none of what does not change", () => {
    const chosen = set(begun, {recipe: "mxfp4", width: "64", "b.width": "32"});
    expect(present(undoneSettings(chosen))).toEqual(present(begun));
    expect(set(chosen, {recipe: "mxfp4"}).edits).toBe(chosen.edits);
  });

  it("makes one edit of what is typed into a field until it is left, and one of every choice", () => {
    const typed = ["1", "12", "128"].reduce((history, width) => set(history, {width}), begun);
    expect(present(undoneSettings(typed))).toEqual(present(begun));
    const again = set(leftField(typed), {width: "12"});
    expect(present(undoneSettings(again)).width).toBe("128");
    const chosen = set(set(begun, {recipe: "mxfp4"}), {recipe: "nvfp4"});
    expect(present(undoneSettings(chosen)).recipe).toBe("mxfp4");
    const other = set(typed, {"b.width": "1"});
    expect(present(undoneSettings(other))).toEqual(present(typed));
  });

  it("leaves nothing to undo of what is typed and deleted again", () => {
    expect(set(set(begun, {width: "4"}), {width: "48"}).edits.past).toEqual([]);
  });

  it("ends what could be redone", () => {
    fc.assert(
      fc.property(histories, changes, (history, made) => {
        const next = set(history, made);
        if (next.edits !== history.edits) expect(redoneSettings(next).edits).toBe(next.edits);
      }),
    );
  });
});

it("undo leads back to the beginning and redo to the end, each through states that differ", () => {
  fc.assert(
    fc.property(histories, (history) => {
      const all = [...history.edits.past, history.edits.present, ...history.edits.future];
      const {past} = history.edits;
      const back = past.reduce(undoneSettings, history);
      expect(present(back)).toEqual(all[0]);
      expect(present(back)).toEqual(present(begun));
      for (const [i, state] of all.entries()) {
        expect(present(all.slice(0, i).reduce(redoneSettings, back))).toEqual(state);
        if (i > 0) expect(changedSettings(all[i - 1], state)).not.toEqual([]);
      }
      expect(undoneSettings(back).edits).toBe(back.edits);
    }),
  );
});

it("what is done after an undo or a redo is an edit of its own, typed or not", () => {
  fc.assert(
    fc.property(histories, fc.constantFrom(undoneSettings, redoneSettings), (history, go) => {
      const gone = go(history);
      const next = set(gone, {width: "typed"});
      expect(present(undoneSettings(next))).toEqual(present(gone));
    }),
  );
});
