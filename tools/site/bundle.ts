import {createHash} from "node:crypto";
import {existsSync, mkdirSync, renameSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {pathToFileURL} from "node:url";
import {type BuildOptions, build, type Plugin} from "esbuild";
import {projectRoot} from "./project.js";

/** Pages import packages as `npm:d3`, Framework's way; everywhere else the same package is `d3`. */
export const npmImports: Plugin = {
  name: "npm-imports",
  setup({onResolve, resolve, initialOptions}) {
    onResolve({filter: /^npm:/}, ({path, ...location}) => {
      const name = path.slice("npm:".length);
      return initialOptions.packages === "external" ? {path: name, external: true} : resolve(name, location);
    });
  },
};

/** Bundles a module of the site with everything it needs into one ES module for browsers. */
export const bundleForBrowser = (file: string, options: BuildOptions = {}): Promise<string> =>
  bundle(file, {platform: "browser", target: "es2022", legalComments: "none", ...options});

/**
 * Imports a component in Node: bundles it, since components are written for Framework, and loads the result from the
 * build folder, where Node finds the installed packages.
 */
export async function importComponent<Module>(file: string): Promise<Module> {
  const code = await bundle(file, {platform: "node", target: "node20", packages: "external"});
  const folder = join(projectRoot, "build/components");
  const module = join(folder, `${digest(code)}.mjs`);
  if (!existsSync(module)) {
    mkdirSync(folder, {recursive: true});
    const temporary = `${module}.${process.pid}.tmp`;
    writeFileSync(temporary, code);
    renameSync(temporary, module);
  }
  return import(pathToFileURL(module).href);
}

/**
 * Hash of what a module and its local imports do; comments, types and layout do not enter it. Names stay as they are,
 * since esbuild's choice of short ones depends on the letters in comments.
 */
export async function sourceHash(file: string): Promise<string> {
  const code = await bundle(file, {
    platform: "node",
    packages: "external",
    minifyWhitespace: true,
    minifySyntax: true,
  });
  return digest(code);
}

async function bundle(file: string, options: BuildOptions): Promise<string> {
  const {outputFiles} = await build({
    absWorkingDir: projectRoot,
    entryPoints: [file],
    bundle: true,
    format: "esm",
    charset: "utf8",
    logLevel: "error",
    write: false,
    plugins: [npmImports],
    ...options,
  });
  return outputFiles![0].text;
}

const digest = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 16);
