import {expect, it} from "vitest";
import {choiceGroup} from "../../../docs/components/choice-group.js";
import {page} from "./page.js";

it("choiceGroup(name, choices) has its name in the line of its choices, without a legend, and is called by it once", () => {
  const {document} = page();
  const choices = ["one", "two"].map((text) => {
    const label = document.createElement("label");
    label.textContent = text;
    return label;
  });
  const group = choiceGroup("Time", choices, {document});
  expect([...group.children].map(({localName, textContent}) => [localName, textContent])).toEqual([
    ["span", "Time"],
    ["label", "one"],
    ["label", "two"],
  ]);
  expect(group.getAttribute("aria-label")).toBe("Time");
  expect(group.firstElementChild!.getAttribute("aria-hidden")).toBe("true");
});
