import {JSDOM} from "jsdom";

/** A document to draw in, as a page would have it: with an address, and elements of a fixed width. */
export function page({url = "https://example.org/unit-scaling", width = 960} = {}) {
  const {window} = new JSDOM("<!doctype html><body></body>", {url, pretendToBeVisual: true});
  Object.defineProperty(window.HTMLElement.prototype, "clientWidth", {get: () => width});
  // Observed elements are reported at once, as seen, and never change their size.
  const seen: ((entries: {isIntersecting: boolean}[]) => void)[] = [];
  Object.assign(window, {
    seen,
    IntersectionObserver: class {
      constructor(readonly report: (entries: {isIntersecting: boolean}[]) => void) {
        seen.push(report);
      }
      observe() {
        this.report([{isIntersecting: true}]);
      }
    },
    ResizeObserver: class {
      constructor(readonly report: () => void) {}
      observe() {
        this.report();
      }
    },
  });
  return {window, document: window.document};
}
