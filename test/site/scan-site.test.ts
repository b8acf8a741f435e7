import {expect, it} from "vitest";
import {scanSite} from "../../tools/site/scan-site.js";
import {temporaryProject} from "./temporary-project.js";

const scan = (files: Record<string, string>): Promise<string[]> => scanSite(temporaryProject(files));
const page = (body: string): Record<string, string> => ({"index.html": `<!DOCTYPE html><body>${body}`});

it("scanSite finds nothing in a sound site", async () => {
  const found = await scan({
    ...page(`<h2 id="part">Part</h2><a href="#part">in</a> <a href="./other#x">other</a> <a href="mailto:a@b.c">mail</a>
      <a href="https://example.com/">a link may lead anywhere</a> <img src="data:image/png;base64,AA==">
      <script type="module">import {f} from "./_import/f.js"; f();</script>`),
    "other.html": '<h2 id="x">X</h2><a href="./">home</a>',
    "_import/f.js": "export const f = () => import('./g.js');",
    "_import/g.js": "export default 1;",
    "style.css": "a { background: url(./icon.svg) }",
    "icon.svg": "<svg/>",
  });
  expect(found).toEqual([]);
});

it.each([
  ["an error of a cell", '<div class="observablehq--error">SyntaxError:\n no</div>', "/: SyntaxError: no"],
  ["a broken link", '<a href="./missing">x</a>', "/: the link ./missing leads nowhere"],
  ["a link out of the site", '<a href="../x.html">x</a>', "/: the link ../x.html leads nowhere"],
  ["a link to no heading", '<a href="#nowhere">x</a>', "/: the link #nowhere leads to no heading"],
  ["a missing picture", '<img src="./a.png">', "/: ./a.png does not exist"],
  ["a missing picture of a set", '<img srcset="./a.png 2x">', "/: ./a.png does not exist"],
  [
    "a style sheet of another origin",
    '<link rel="stylesheet" href="https://fonts.example.com/a.css">',
    "/: loads https://fonts.example.com/a.css from another origin",
  ],
  [
    "a bare import",
    '<script type="module">const {x} = await import("nosuch");</script>',
    "/: cannot resolve nosuch",
  ],
  [
    "an import of another origin",
    '<script type="module">import "https://cdn.example.com/x.js";</script>',
    "/: loads https://cdn.example.com/x.js from another origin",
  ],
  ["a missing module", '<script type="module">import "./x.ts";</script>', "/: ./x.ts does not exist"],
  [
    "a request to another origin",
    '<script type="module">fetch("https://example.com/x.json");</script>',
    "/: loads https://example.com/x.json from another origin",
  ],
  [
    "a name that nothing defines",
    '<script type="module">\ndefine({id: "1", inputs: ["display","nosuch"], outputs: ["a"], body: 1});\ndefine({id: "2", inputs: ["a"], body: 1});</script>',
    "/: nothing on the page defines nosuch",
  ],
])("scanSite reports %s", async (_, body, finding) => {
  expect(await scan(page(body))).toEqual([finding]);
});

it("scanSite looks into modules and style sheets", async () => {
  const found = await scan({
    "_import/a.js": 'import "bare"; new Worker(import.meta.resolve("./w.js"));',
    "a.css": '@import "https://fonts.example.com/b.css"; a { background: url(./missing.svg) }',
  });
  expect(found.sort()).toEqual([
    "/_import/a.js: ./w.js does not exist",
    "/_import/a.js: cannot resolve bare",
    "/a.css: ./missing.svg does not exist",
    "/a.css: loads https://fonts.example.com/b.css from another origin",
  ]);
});

it("scanSite reports empty files", async () => {
  expect(await scan({"_file/data.json": ""})).toEqual(["/_file/data.json is empty"]);
});
