// Makes what the sources need before they can run: the WASM kernels as an ES module (with the engine id), the bundled
// command line, and the JSON Schema of settings files. Does nothing when its inputs are unchanged, so every command
// calls it first.
import {createHash} from "node:crypto";
import {existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync} from "node:fs";
import {dirname, join} from "node:path";
import {fileURLToPath, pathToFileURL} from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const assemblyRoot = join(root, "src/kernels/assembly");
const kernelModule = join(root, "src/kernels/generated.js");
const stampFile = join(root, "build/stamp.json");

/** Flags after performance notes: no runtime, memory from the host, SIMD but never relaxed SIMD. */
const compilerFlags = [
  "-O3",
  "--noAssert",
  ...["--runtime", "stub"],
  ...["--enable", "simd"],
  "--importMemory",
  "--zeroFilledMemory",
  ...["--bindings", "raw"],
];

/** What decides the bits of a run, besides the kernels: training on generated text, and on given text. */
const engineModules = ["src/training/browser-worker.ts", "src/training/corpora/text-corpus.ts"];

/** Programs bundled from TypeScript, so that starting one costs no transpilation. */
const programs = {
  cli: "src/cli/main.ts",
  "run-worker": "src/sweeps/run-worker.ts",
  "fit-worker": "src/cli/fit-worker.ts",
};

/** Brings every generated file up to date; `log` receives one line for each step that was needed. */
export async function prepare({log = (/** @type {string} */ line) => console.error(line)} = {}) {
  const stamp = existsSync(stampFile) ? JSON.parse(readFileSync(stampFile, "utf8")) : {};
  const toolchain = [join(root, "tools/prepare.js"), join(root, "package-lock.json")];
  const assembly = hashFiles([...toolchain, ...sourceFiles(assemblyRoot)]);
  const bundled = ["src", "tools", "loaders"].flatMap((folder) => sourceFiles(join(root, folder)));
  const sources = hashFiles([...toolchain, ...bundled]);
  if (stamp.sources === sources && existsSync(kernelModule)) return;
  mkdirSync(join(root, "build"), {recursive: true});
  if (stamp.assembly !== assembly || !existsSync(join(root, "build/kernels.wasm"))) {
    log("compiling the WASM kernels");
    await compileKernels();
  }
  await writeKernelModule();
  await bundlePrograms();
  await writeSettingsSchema();
  writeAtomically(stampFile, JSON.stringify({assembly, sources}));
}

async function compileKernels() {
  const asc = await import("assemblyscript/asc");
  const out = join(root, "build/kernels.wasm");
  const {error, stderr} = await asc.main(
    ["src/kernels/assembly/index.ts", "--baseDir", root, "-o", "build/kernels.wasm", ...compilerFlags],
    {},
  );
  if (error) throw new Error(`the kernels do not compile: ${error.message}\n${stderr.toString()}`);
  if (!existsSync(out)) throw new Error("the compiler wrote no WASM module");
}

/**
 * The engine id names everything that decides the bits of a run: the WASM module and the TypeScript that drives it.
 * The driver enters as a minified bundle, so comments and formatting do not change the id.
 */
async function writeKernelModule() {
  const wasm = readFileSync(join(root, "build/kernels.wasm"));
  const module = (/** @type {string} */ engineId) =>
    `export const engineId = "${engineId}";\nexport const wasmBase64 = "${wasm.toString("base64")}";\n`;
  if (!existsSync(kernelModule)) writeAtomically(kernelModule, module("unknown"));
  const {build} = await import("esbuild");
  const driver = await build({
    absWorkingDir: root,
    entryPoints: engineModules,
    outdir: "build",
    bundle: true,
    minifyWhitespace: true,
    minifySyntax: true,
    format: "esm",
    platform: "neutral",
    packages: "external",
    external: ["*/generated.js"],
    write: false,
  });
  const hash = createHash("sha256").update(wasm);
  for (const {contents} of driver.outputFiles) hash.update(contents);
  writeAtomically(kernelModule, module(hash.digest("hex").slice(0, 16)));
}

async function bundlePrograms() {
  rmSync(join(root, "build/chunks"), {recursive: true, force: true});
  const {build} = await import("esbuild");
  await build({
    absWorkingDir: root,
    entryPoints: programs,
    outdir: "build",
    bundle: true,
    splitting: true, // a command loads only what it needs
    chunkNames: "chunks/[hash]",
    format: "esm",
    platform: "node",
    target: "node20",
    packages: "external",
    sourcemap: true,
  });
}

/** The JSON Schema of settings files lies beside them, where editors find it. */
async function writeSettingsSchema() {
  const program = join(root, "build/settings-schema.js");
  const {build} = await import("esbuild");
  await build({
    absWorkingDir: root,
    entryPoints: ["tools/settings-schema.ts"],
    outfile: program,
    bundle: true,
    format: "esm",
    platform: "node",
    packages: "external",
  });
  const {settingsSchemaText} = await import(pathToFileURL(program).href);
  const text = settingsSchemaText(readFileSync(join(root, "src/training/run-settings.ts"), "utf8"));
  const file = join(root, "data/settings/schema.json");
  if (!existsSync(file) || readFileSync(file, "utf8") !== text) writeAtomically(file, text);
}

/** @param {string} folder @returns {string[]} every file below the folder, sorted, without generated ones */
function sourceFiles(folder) {
  return readdirSync(folder, {recursive: true, withFileTypes: true})
    .filter((entry) => entry.isFile() && entry.name !== "generated.js")
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

/** @param {string[]} files */
function hashFiles(files) {
  const hash = createHash("sha256");
  for (const file of files)
    hash.update(file.slice(root.length)).update("\0").update(readFileSync(file)).update("\0");
  return hash.digest("hex");
}

/** @param {string} file @param {string} content */
function writeAtomically(file, content) {
  mkdirSync(dirname(file), {recursive: true});
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, content);
  renameSync(temporary, file);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await prepare();
