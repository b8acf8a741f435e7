import {expect, it} from "vitest";
import {whenSeen} from "../../../docs/components/when-seen.js";
import {page} from "./page.js";

it("whenSeen(element, draw) waits, in haste, until the element is seen, and loses nothing", () => {
  const {window, document} = page();
  let report: (entries: {isIntersecting: boolean}[]) => void = () => {};
  Object.assign(window, {
    IntersectionObserver: class {
      constructor(given: typeof report) {
        report = given;
      }
      observe() {}
    },
  });
  const see = (isIntersecting: boolean) => report([{isIntersecting}]);
  let isBusy = true;
  let drawings = 0;
  const draw = whenSeen(document.body, () => drawings++, {isHasty: () => isBusy, document});
  draw();
  draw();
  expect(drawings).toBe(0);
  see(true);
  expect(drawings).toBe(1);
  draw();
  expect(drawings).toBe(2);
  see(false);
  see(true);
  expect(drawings).toBe(2);
  see(false);
  draw();
  expect(drawings).toBe(2);
  isBusy = false;
  draw();
  expect(drawings).toBe(3);
  see(true);
  expect(drawings).toBe(3);
});
