// `npm run bench [-- FILTER...] [--json] [--rounds N]`: speed of the kernels and the engine, as ratios.
// Installs the peers on first use, then hands over to main.ts.
import {spawnSync} from "node:child_process";
import {existsSync} from "node:fs";
import {fileURLToPath} from "node:url";
import {build} from "esbuild";
import {prepare} from "../tools/prepare.js";

const folder = fileURLToPath(new URL(".", import.meta.url));

// npm writes this file when everything is in place.
if (!existsSync(`${folder}node_modules/.package-lock.json`)) {
  console.error("installing the peers to compare with into bench/node_modules (about 210 MB, once)");
  const {status} = spawnSync(
    "npm",
    ["ci", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund"],
    {
      stdio: ["ignore", "ignore", "inherit"],
      shell: process.platform === "win32",
    },
  );
  if (status !== 0) {
    console.error("the peers could not be installed: npm ci --prefix bench failed");
    process.exit(1);
  }
}

await prepare();
await build({
  absWorkingDir: folder,
  entryPoints: ["main.ts", "training-worker.ts"],
  outdir: "../build/bench",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20",
  packages: "external",
});
await import(new URL("../build/bench/main.js", import.meta.url).href);
