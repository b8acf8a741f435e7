import {expect, it} from "vitest";
import {findMath} from "../../tools/site/math.js";

it.each([
  ["$x^2$ and more", {tex: "x^2", isDisplay: false, length: 5}],
  ["$$ y = x $$", {tex: "y = x", isDisplay: true, length: 11}],
  ["$a\\$b$", {tex: "a\\$b", isDisplay: false, length: 6}],
  ["$x$.", {tex: "x", isDisplay: false, length: 3}],
])("findMath(%j) finds math", (text, found) => {
  expect(findMath(text)).toEqual(found);
});

// Framework's inline expressions begin with ${ and may hold dollars of their own; prices are not math either.
// biome-ignore lint/suspicious/noTemplateCurlyInString: that is the point
it.each(["${rows.length} of ${total}", "$5 and $6", "$ x $", "$${x}", "$x", "no dollar"])(
  "findMath(%j) finds none",
  (text) => {
    expect(findMath(text)).toBeUndefined();
  },
);
