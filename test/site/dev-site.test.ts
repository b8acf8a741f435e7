import {type ChildProcess, spawn} from "node:child_process";
import {once} from "node:events";
import {appendFileSync, existsSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {createServer} from "node:net";
import {join} from "node:path";
import {expect, it, onTestFinished, vi} from "vitest";
import {cacheFolder} from "../../tools/site/project.js";
import {filesBelow} from "../../tools/site/source-files.js";
import {describeInBrowser, openPage} from "../docs/browser.js";
import {projectCopy} from "./project-copy.js";

/** A machine may be many times slower than the one that a wait was thought for. */
const patience = 600_000;

vi.setConfig({testTimeout: 3 * patience});

const code = (text: string) => `\`\`\`js\n${text}\n\`\`\`\n`;

/** Shows the settings that reached the page. */
const watchPage = `# Watch

${code('const runs = await FileAttachment("./loaders/runs.json").json();')}

<p id="runs">\${runs.map(({settings: {steps, width}}) => \`\${steps}x\${width}\`).join(" ")}</p>
`;

interface Dev {
  readonly process: ChildProcess;
  readonly url: string;
  /** Everything printed so far. */
  readonly output: () => string;
}

/** Starts \`bitscape site dev\` and waits for its address. */
async function startDev(root: string, ...options: string[]): Promise<Dev> {
  const program = spawn(process.execPath, ["src/cli/bitscape.js", "site", "dev", "--no-open", ...options], {
    cwd: root,
    env: {...process.env, BITSCAPE_STORE: "", CI: "true"}, // where Framework colours what it prints
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void program.kill("SIGTERM"));
  let output = "";
  for (const stream of [program.stdout, program.stderr]) stream.on("data", (data) => (output += data));
  const url = await vi.waitUntil(
    () => /http:\S+/.exec(output)?.[0] ?? (program.exitCode !== null && output),
    {
      timeout: patience,
      interval: 100,
    },
  );
  return {process: program, url, output: () => output};
}

describeInBrowser("bitscape site dev", (browser) => {
  it("computes what pages need before they are opened, and what a changed setting asks for; the open page follows", async () => {
    const root = projectCopy();
    for (const page of filesBelow(join(root, "docs"), [".md"])) rmSync(page);
    writeFileSync(join(root, "docs/watch.md"), watchPage);
    writeFileSync(join(root, "docs/other.md"), code('FileAttachment("./loaders/law-formulas.json")'));
    const settings = join(root, "data/settings/variance.yaml");
    const dev = await startDev(root, "--set", "variance.width=8");
    const {page, close} = await openPage(browser(), `${dev.url}watch`);
    const shows = (text: string) =>
      page.waitForSelector(`#runs:text-is("${Array(6).fill(text).join(" ")}")`, {timeout: patience});

    await shows("2x8");
    const ofOtherPage = join(root, cacheFolder, "loaders/law-formulas.json");
    await vi.waitUntil(() => existsSync(ofOtherPage), {timeout: patience, interval: 100});

    await page.evaluate(() => document.body.setAttribute("data-open-since", "the start"));
    writeFileSync(settings, readFileSync(settings, "utf8").replace("steps: 2", "steps: 3"));
    await shows("3x8");

    const before = dev.output().length;
    appendFileSync(settings, "stepps: 4\n");
    await vi.waitUntil(() => dev.output().slice(before).includes("stepps"), {timeout: patience});
    expect(dev.output().slice(before).trim().split("\n")).toHaveLength(1);
    await shows("3x8");

    writeFileSync(
      settings,
      readFileSync(settings, "utf8").replace("stepps: 4\n", "").replace("steps: 3", "steps: 4"),
    );
    await shows("4x8");
    expect(await page.getAttribute("body", "data-open-since")).toBe("the start");

    dev.process.kill("SIGINT");
    await once(dev.process, "exit");
    expect(dev.process.exitCode).toBe(0);
    await expect(fetch(dev.url)).rejects.toThrow();
    await close();
  });
});

it("bitscape site dev names a port that is in use", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const {port} = server.address() as {port: number};
  const dev = await startDev(projectCopy(), "--port", String(port));
  expect(dev.url).toMatch(
    new RegExp(`^bitscape: port ${port} of 127.0.0.1 is in use: name another one`, "m"),
  );
  expect(dev.process.exitCode).toBe(1);
});
