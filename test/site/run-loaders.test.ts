import {existsSync, readdirSync, readFileSync} from "node:fs";
import {availableParallelism} from "node:os";
import {join} from "node:path";
import {expect, it, vi} from "vitest";
import {cacheFolder} from "../../tools/site/project.js";
import {runLoaders} from "../../tools/site/run-loaders.js";
import {temporaryProject} from "./temporary-project.js";

const attached = (...paths: string[]) =>
  paths.map((path) => `\`\`\`js\nFileAttachment("./${path}")\n\`\`\`\n`).join("\n");
const writes = (text: string) => `process.stdout.write(${text});`;
const output = (name: string) => ({path: `loaders/${name}`, loader: `docs/loaders/${name}.ts`, key: "1"});

it("runLoaders writes what pages name and the cache lacks, and nothing of a loader that fails", async () => {
  const root = temporaryProject({
    "docs/index.md": attached(
      "loaders/a.json",
      "loaders/b.json",
      "loaders/kept.json",
      "loaders/failing.json",
    ),
    "docs/loaders/a.json.ts": writes('JSON.stringify([process.env.GIVEN, "a"])'),
    "docs/loaders/[name].json.ts": writes("process.argv[2]"),
    "docs/loaders/kept.json.ts": writes('"new"'),
    "docs/loaders/unnamed.json.ts": writes('"unnamed"'),
    "docs/loaders/failing.json.ts": `${writes('"half"')} process.exitCode = 1;`,
    [`${cacheFolder}/loaders/kept.json`]: "old",
  });
  const lines: string[] = [];
  const outputs = [
    ...["a.json", "kept.json", "unnamed.json", "failing.json"].map(output),
    {...output("b.json"), loader: "docs/loaders/[name].json.ts", parameters: ["--name=b"]},
  ];
  const run = () => runLoaders(outputs, {root, env: {GIVEN: "given"}, log: (line) => lines.push(line)});
  await run();
  const folder = join(root, cacheFolder, "loaders");
  expect(readdirSync(folder).sort()).toEqual(["a.json", "b.json", "kept.json"]);
  expect(readFileSync(join(folder, "a.json"), "utf8")).toBe('["given","a"]');
  expect(readFileSync(join(folder, "b.json"), "utf8")).toBe("--name=b");
  expect(readFileSync(join(folder, "kept.json"), "utf8")).toBe("old");
  expect(lines).toEqual(["computing the data of the pages"]);
});

it("runLoaders ends what runs, starts nothing more and leaves nothing half-written when it is aborted", async () => {
  const names = Array.from({length: availableParallelism() + 1}, (_, i) => `slow-${i}.json`);
  const slow = `${writes('"half"')} setTimeout(() => {}, 600_000);`;
  const root = temporaryProject({
    "docs/index.md": attached(...names.map((name) => `loaders/${name}`)),
    ...Object.fromEntries(names.map((name) => [`docs/loaders/${name}.ts`, slow])),
  });
  const folder = join(root, cacheFolder, "loaders");
  const aborted = new AbortController();
  const done = runLoaders(names.map(output), {
    root,
    signal: aborted.signal,
    inBackground: true,
    log: () => {},
  });
  const written = () =>
    readdirSync(folder).filter((file) => readFileSync(join(folder, file), "utf8") === "half");
  await vi.waitUntil(() => written().length === availableParallelism(), {timeout: 250_000});
  aborted.abort();
  await done;
  expect(readdirSync(folder)).toEqual([]);
});

it("runLoaders says nothing where nothing is missing", async () => {
  const root = temporaryProject({"docs/index.md": "# A page\n"});
  const lines: string[] = [];
  await runLoaders([output("a.json")], {root, log: (line) => lines.push(line)});
  expect(lines).toEqual([]);
  expect(existsSync(join(root, cacheFolder))).toBe(false);
});
