import {expect, it} from "vitest";
import {buildFailure, buildWarnings} from "../../tools/site/framework-log.js";

it("buildFailure names the loader that failed", () => {
  const log = `built 3 pages in docs
copy docs/x.json → load /x.json → [missing] error in 76ms: loader exited with code 1

Unexpected error: loader exited with code 1

Tip: To see the full stack trace, run with the --debug flag.
`;
  expect(buildFailure(log)).toBe("the loader of /x.json failed: loader exited with code 1");
});

it.each([
  [
    "Not found: /loaders/x.json",
    "a page attaches /loaders/x.json, which is neither a file nor written by a loader",
  ],
  ["import not found: /components/x.js", "import not found: /components/x.js"],
  ["Cannot find module 'x'\nRequire stack:\n- /project/docs/noop.js", "Cannot find module 'x'"],
])("buildFailure puts %j in words", (message, line) => {
  const log = `copy docs/x → \nUnexpected error: ${message}\n\nTip: To see the full stack trace, run with --debug\n`;
  expect(buildFailure(log)).toBe(line);
});

it("buildFailure passes on what the loader said", () => {
  const log = `load /index in 3ms
load /x.json → [missing] file:///project/docs/x.json.js:1
throw new Error("the store is read-only");
^

Error: the store is read-only
    at file:///project/docs/x.json.js:1:7
error in 76ms: loader exited with code 1
`;
  expect(buildFailure(log)).toBe("the loader of /x.json failed: the store is read-only");
});

it("buildFailure brings an error of several lines into one", () => {
  const log = `
Unexpected error: Transform failed with 1 error:
docs/bad.ts:1:18: ERROR: Unexpected ";"

Tip: To see the full stack trace, run with the --debug flag.
`;
  expect(buildFailure(log)).toBe('Transform failed with 1 error: docs/bad.ts:1:18: ERROR: Unexpected ";"');
});

it("buildFailure names a package that would have to come from the network", () => {
  const log =
    "load /index npm:@scope/name@0.0.0/+esm → docs/.observablehq/cache/x\nUnexpected error: fetch failed\n";
  expect(buildFailure(log)).toBe("a page uses npm:@scope/name, which package.json does not install");
});

it("buildWarnings keeps what the scan of the output cannot see", () => {
  const log = `load /index non-local asset path: ../out.png
in 79ms
load /other in 49ms
Warning: 3 broken links (4 validated)
↳ /index → /missing
Warning: the cleanUrls option is deprecated
`;
  expect(buildWarnings(log)).toEqual([
    "/index: non-local asset path: ../out.png",
    "the cleanUrls option is deprecated",
  ]);
});
