// Holds the folder order: a folder may import from those before it, never from those after it. Prints one line for each
// violation and exits with 1 if there is any. Part of `npm run lint`.
import {readdirSync, readFileSync} from "node:fs";
import {join, posix} from "node:path";
import {fileURLToPath, pathToFileURL} from "node:url";

/** From the ground up. `laws` stands beside this order. */
const order = ["formats", "kernels", "precision", "nn", "schemes", "recipes", "training", "sweeps"];

/** Folders at the same height, which leave each other alone. */
const siblings = [["schemes", "recipes"]];

const everythingInSrc = [...order, "laws"].map((folder) => `src/${folder}`);

/** What each part may import besides itself and src/errors.ts. @type {Record<string, string[]>} */
const allowed = {
  ...Object.fromEntries(order.map((folder, height) => [`src/${folder}`, below(folder, height)])),
  "src/laws": [],
  "src/cli": [...everythingInSrc, "loaders", "tools"],
  loaders: [...everythingInSrc, "tools"],
  docs: everythingInSrc,
  "docs loaders": ["docs", "loaders", "tools", ...everythingInSrc],
};

/** @param {string} folder @param {number} height */
function below(folder, height) {
  const beside = siblings.find((group) => group.includes(folder)) ?? [];
  return order
    .slice(0, height)
    .filter((other) => !beside.includes(other))
    .map((other) => `src/${other}`);
}

/**
 * Every import that breaks the order, as one line that names file, import and rule.
 * @param {string} root @returns {string[]}
 */
export function checkImports(root) {
  return ["src", "loaders", "docs"]
    .flatMap((folder) => sourceFiles(root, folder))
    .flatMap((file) => {
      const part = partOf(file);
      const source = readFileSync(join(root, file), "utf8");
      return importsOf(source).flatMap((specifier) => {
        const rule = part && brokenRule(part, file, specifier);
        return rule ? [`${file} imports ${specifier}: ${rule}`] : [];
      });
    });
}

/** @param {string} part @param {string} file @param {string} specifier */
function brokenRule(part, file, specifier) {
  if (specifier.startsWith("npm:")) {
    return part.startsWith("docs") ? undefined : "npm: imports belong to the pages";
  }
  if (!specifier.startsWith(".")) return;
  const target = realPath(posix.join(posix.dirname(file), specifier));
  const other = partOf(target);
  if (target === "src/errors.js" || other === undefined || other === part) return;
  const open = allowed[part];
  if (open.includes(other)) return;
  return `${part} may import ${open.length > 0 ? open.join(", ") : "nothing but src/errors.ts"}`;
}

/** @param {string} path @returns {string | undefined} undefined for files outside the order, such as tests */
function partOf(path) {
  const [, folder] = /^(src\/[^/]+|loaders|docs|tools)\//.exec(path) ?? [];
  return folder === "docs" && isLoader(path) ? "docs loaders" : folder;
}

/** Data loaders carry two extensions: variance.svg.ts writes variance.svg. @param {string} path */
const isLoader = (path) => /\.\w+\.(ts|js)$/.test(path) && !path.endsWith(".d.ts");

/** The pages see src and loaders through links inside docs. @param {string} path */
const realPath = (path) => path.replace(/^docs\/(src|loaders)\//, "$1/");

/** @param {string} source @returns {string[]} */
function importsOf(source) {
  const specifiers = source.matchAll(/(?:^|[\s;}])(?:from|import)\s*\(?\s*["']([^"']+)["']/g);
  return Array.from(specifiers, ([, specifier]) => specifier);
}

/**
 * Sources below a folder, by path from the root. Links are not followed; the kernels' AssemblyScript is a world apart.
 * @param {string} root @param {string} folder @returns {string[]}
 */
function sourceFiles(root, folder) {
  return readdirSync(join(root, folder), {withFileTypes: true})
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory() && !entry.name.startsWith(".") && entry.name !== "assembly") {
        return sourceFiles(root, path);
      }
      return entry.isFile() && /\.(ts|js|md)$/.test(entry.name) ? [path] : [];
    })
    .sort();
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const violations = checkImports(fileURLToPath(new URL("..", import.meta.url)));
  for (const violation of violations) console.error(violation);
  if (violations.length > 0) process.exitCode = 1;
}
