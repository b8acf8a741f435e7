import fc from "fast-check";
import {JSDOM} from "jsdom";
import {expect, it} from "vitest";
import {spacedLabels} from "../../../docs/components/spaced-labels.js";
import {fitting, middleInside, textWidth, widest, wrapped} from "../../../docs/components/text-width.js";

const width = textWidth(new JSDOM().window.document);

it("textWidth(document) is near Helvetica's own metrics where there is no browser", () => {
  // By Adobe's font metrics, in thousandths of the font's size.
  expect(width("activation gradients", {size: 1000})).toBeCloseTo(8615, -3);
  expect(width("Standard", {size: 1000, weight: 700})).toBeCloseTo(4334, -3);
});

it("textWidth(document) grows with the text and with its size", () => {
  fc.assert(
    fc.property(fc.string(), fc.string({minLength: 1}), fc.integer({min: 1, max: 40}), (text, more, size) => {
      expect(width(text + more, {size})).toBeGreaterThan(width(text, {size}));
      expect(width(more, {size: 2 * size})).toBeCloseTo(2 * width(more, {size}));
    }),
  );
});

it("textWidth(document) asks the browser, where there is one, for the face that is drawn", () => {
  const context = {font: "", measureText: (text: string) => ({width: 7 * text.length})};
  const OffscreenCanvas = class {
    getContext = () => context;
  };
  const measured = textWidth({defaultView: {OffscreenCanvas}} as unknown as Document);
  expect(measured("four", {size: 12, weight: 700})).toBe(28);
  expect(context.font).toMatch(/^700 12px .*Helvetica/);
});

it("widest(texts) is the width of the widest of them, and nothing without texts", () => {
  expect(widest(["i", "www", "ii"], width)).toBe(width("www"));
  expect(widest([], width)).toBe(0);
});

it("fitting(texts, room) is the first text that has room, or the last", () => {
  const texts = ["as long as it gets", "shorter", "s"];
  expect(fitting(texts, 1000, width)).toBe(texts[0]);
  expect(fitting(texts, width("shorter"), width)).toBe("shorter");
  expect(fitting(texts, 0, width)).toBe("s");
});

it("wrapped(text, room) keeps all words, and no line of several words is too wide", () => {
  const words = fc.array(fc.stringMatching(/^[a-z]{1,9}$/), {minLength: 1}).map((list) => list.join(" "));
  fc.assert(
    fc.property(words, fc.integer({min: 1, max: 300}), (text, room) => {
      const lines = wrapped(text, room, width);
      expect(lines.join(" ")).toBe(text);
      for (const line of lines) if (line.includes(" ")) expect(width(line)).toBeLessThanOrEqual(room);
    }),
  );
});

it("middleInside(wanted, size, room) moves a text that would leave its room, and no other", () => {
  expect(middleInside(50, 20, 100)).toBe(50);
  expect(middleInside(2, 20, 100)).toBe(10);
  expect(middleInside(99, 20, 100)).toBe(90);
});

it("spacedLabels(labels) keeps the first of those in each other's way, and none that touches a kept one", () => {
  const labels = fc.array(
    fc.record({middle: fc.integer({max: 500, min: 0}), size: fc.integer({min: 1, max: 60})}),
  );
  fc.assert(
    fc.property(labels, (all) => {
      const kept = spacedLabels(all, (label) => label, 4);
      expect(kept[0]).toBe(all[0]);
      const apart = (a: (typeof all)[number], b: (typeof all)[number]) =>
        Math.abs(a.middle - b.middle) - (a.size + b.size) / 2 >= 4;
      for (const [i, label] of kept.entries())
        for (const other of kept.slice(0, i)) expect(apart(label, other)).toBe(true);
      for (const label of all)
        if (!kept.includes(label)) expect(kept.some((other) => !apart(label, other))).toBe(true);
    }),
  );
});
