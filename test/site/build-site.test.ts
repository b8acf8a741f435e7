import {readFileSync, utimesSync} from "node:fs";
import {join} from "node:path";
import {expect, it} from "vitest";
import {buildSite} from "../../tools/site/build-site.js";
import {projectRoot} from "../../tools/site/project.js";
import {filesBelow} from "../../tools/site/source-files.js";
import {temporaryProject} from "./temporary-project.js";

/** Framework's processes fail when they ask the network for anything. */
const env = {
  NODE_OPTIONS: "--import=data:text/javascript,globalThis.fetch=(url)=>{throw%20Error('no%20network:'+url)}",
};

const soundPage = `# Page

\`\`\`js
import * as aq from "npm:arquero";
import {tableFromArrays} from "npm:@uwdata/flechette";
import {square} from "./components/square.js";
const count = view(Inputs.range([1, 10], {label: "Count"}));
const rows = FileAttachment("./rows.json").json();
\`\`\`

\${html\`<b>\${square(count) + rows.length + aq.table({}).numRows() + tableFromArrays({}).numRows}</b>\`}

\`\`\`js
display(Plot.dot(d3.range(count), {x: (d) => d}).plot());
\`\`\`
`;

const soundProject = {
  "docs/index.md": soundPage,
  "docs/components/square.ts": "export const square = (x: number): number => x * x;",
  "docs/rows.json.js": "process.stdout.write(JSON.stringify([1, 2, 3]));",
};

const contents = (folder: string): Record<string, string> =>
  Object.fromEntries(
    filesBelow(folder).map((file) => [file.slice(folder.length), readFileSync(file, "base64")]),
  );

it("buildSite needs no network, and gives the same bytes whenever and wherever it runs", async () => {
  const [here, elsewhere] = [temporaryProject(soundProject), temporaryProject(soundProject)];
  const built = async (root: string) => {
    await buildSite({root, env, log: () => {}});
    return contents(join(root, "dist"));
  };
  const first = await built(here);
  for (const file of Object.keys(soundProject)) utimesSync(join(elsewhere, file), 1e9, 1e9);
  expect(Object.keys(first)).toContain("/index.html");
  expect(await built(here)).toEqual(first);
  expect(await built(elsewhere)).toEqual(first);
});

async function buildLines(files: Record<string, string>): Promise<string[]> {
  const lines: string[] = [];
  const log = (line: string) => lines.push(line);
  await buildSite({root: temporaryProject(files), env, log}).catch(({message}) => lines.push(message));
  return lines.filter((line) => !/^(preparing|building)/.test(line));
}

it("buildSite prints one line for each error of a page, which Framework lets pass", async () => {
  const lines = await buildLines({
    "docs/index.md": "# A\n\n[x](./missing) <img src='../outside.png'>\n\n```js\nconst x = ;\n```\n",
    "docs/attach.md": '# B\n\n```js\nFileAttachment("../package.json").json()\n```\n',
    "docs/bare.md": '# C\n\n```js\nimport {x} from "nosuch";\ndisplay(x + y);\n```\n',
    "docs/empty.md": '# D\n\n```js\nFileAttachment("./rows.json").json()\n```\n',
    "docs/rows.json.js": "",
  });
  expect(lines.map((line) => line.replace(/rows\.\w+\.json/, "rows.json")).sort()).toEqual(
    [
      "/: SyntaxError: Unexpected token (1:10)",
      "/: ../outside.png does not exist",
      "/: the link ./missing leads nowhere",
      "/_file/rows.json is empty",
      "/attach: SyntaxError: non-local file path: ../package.json (1:0)",
      "/bare: cannot resolve nosuch",
      "/bare: nothing on the page defines y",
      "/index: non-local asset path: ../outside.png",
      "the site has 8 errors",
    ].sort(),
  );
});

it.each([
  [
    "a loader that fails",
    {
      "docs/index.md": '```js\nFileAttachment("./a.json").json()\n```\n',
      "docs/a.json.js": "process.exit(3);",
    },
    "the site was not built: the loader of /a.json failed: loader exited with code 3",
  ],
  [
    "a module that does not compile",
    {"docs/index.md": '```js\nimport {a} from "./a.js";\n```\n', "docs/a.ts": "export const a = (;"},
    'the site was not built: Transform failed with 1 error: docs/a.ts:1:18: ERROR: Unexpected ";"',
  ],
  [
    "a cache folder that cannot be made",
    {"docs/.observablehq": ""},
    expect.stringMatching(
      /^cannot use .*docs\/\.observablehq\/cache\/.*: a part of the path is not a folder$/,
    ),
  ],
  [
    "a package that is not installed",
    {"docs/components/a.ts": 'import * as lodash from "npm:lodash";'},
    "docs/components/a.ts imports npm:lodash, which package.json does not install",
  ],
  [
    "malformed TeX",
    {
      "observablehq.config.ts": `import {renderMath} from "${projectRoot}/tools/site/math.js";
export default {root: "docs", globalStylesheets: [], footer: "", markdownIt: renderMath};`,
      "docs/page.md": "A sum: $\\frac{1$.",
    },
    expect.stringMatching(/^the site was not built: docs\/page\.md: KaTeX parse error: /),
  ],
  [
    "an implicit package that is not installed",
    {"docs/index.md": "```js\ndisplay(topojson);\n```\n"},
    "the site was not built: a page uses npm:topojson-client, which package.json does not install",
  ],
])("buildSite says in one line what is wrong with %s", async (_, files, line) => {
  expect(await buildLines(files)).toEqual([line]);
});
