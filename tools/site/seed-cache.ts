import {createHash} from "node:crypto";
import {cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {dirname, join, posix} from "node:path";
import {build, type Plugin} from "esbuild";
import {failure} from "../../src/errors.js";
import {namingFiles} from "./file-problems.js";
import {cacheFolder, projectPath, projectRoot} from "./project.js";
import {filesBelow} from "./source-files.js";

/** What pages may use without importing it: `Plot`, `d3`, `html`, `aq`, `Inputs` (which needs the last two), `.csv()`. */
const implicitPackages = [
  "@observablehq/plot",
  "d3",
  "d3-dsv",
  "arquero",
  "@uwdata/flechette",
  "htl",
  "isoformat",
];

/**
 * Packages whose version Framework's client asks for although no page uses them. An empty folder answers the question;
 * a page that does use one then fails to build, as it should: it is not installed.
 */
const namedPackages = [
  ...[
    "apache-arrow",
    "echarts",
    "katex",
    "leaflet",
    "lodash",
    "mapbox-gl",
    "parquet-wasm",
    "react",
    "react-dom",
  ],
  ...["topojson-client", "@observablehq/sample-datasets"],
];

interface SeedOptions {
  /** Top folder of the project. */
  readonly root?: string;
  readonly log?: (line: string) => void;
}

/** One `npm:` import: a package, and the path of a module or file in it ("" for its entry). */
interface Request {
  readonly name: string;
  readonly path: string;
}

interface Package {
  readonly name: string;
  readonly version: string;
  readonly folder: string;
}

/**
 * Fills Framework's cache of browser packages from node_modules, so that building and previewing never ask the
 * network and use the versions of the lockfile. Framework takes a folder `_npm/<name>@<version>` as a known version
 * and `_esm.js` inside as its content. Starts from an empty folder, since a failed download leaves one that would
 * count as a version; does nothing when lockfile and imports are those of the last time.
 */
export async function seedCache({root = projectRoot, log = () => {}}: SeedOptions = {}): Promise<void> {
  const cache = join(root, cacheFolder);
  const requests = [...implicitPackages.map((name) => ({name, path: ""})), ...importedPackages(root)];
  const stamp = seedStamp(root, requests);
  const stampFile = join(cache, "_npm.json");
  if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp) return;
  log("preparing the browser packages");
  const seeding = {root, cache, seeded: new Set<string>()};
  await namingFiles(async () => {
    rmSync(stampFile, {force: true});
    rmSync(join(cache, "_npm"), {recursive: true, force: true});
    for (const request of requests) await seedModule(request, root, seeding);
    for (const name of namedPackages) nameVersion(name, seeding);
    writeFileSync(stampFile, stamp);
  });
}

/** Everything pages and components import as `npm:…`; an uninstalled package is an error that names the file. */
function importedPackages(root: string): Request[] {
  const requests = new Map<string, Request>();
  for (const file of filesBelow(join(root, "docs"), [".md", ".ts", ".js"])) {
    for (const [, specifier] of readFileSync(file, "utf8").matchAll(/["']npm:([^"'\s]+)["']/g)) {
      const request = parseSpecifier(specifier);
      if (clientModules.has(request.name)) continue;
      if (!findPackage(request.name, root)) {
        throw failure(
          `${projectPath(file, root)} imports npm:${specifier}, which package.json does not install`,
        );
      }
      requests.set(specifier, request);
    }
  }
  return [...requests.values()];
}

/** Packages that Framework serves as part of its own client. */
const clientModules = new Set(["runtime", "stdlib", "inputs"].map((name) => `@observablehq/${name}`));

/** Splits `d3-array@3/src/x` into name and path; the version is the lockfile's affair. */
function parseSpecifier(specifier: string): Request {
  const [, name, path = ""] = /^((?:@[^/]+\/)?[^/@]+)(?:@[^/]+)?(?:\/(.*))?$/.exec(specifier) ?? [];
  if (name === undefined) throw failure(`npm:${specifier} names no package`);
  return {name, path};
}

interface Seeding {
  readonly root: string;
  readonly cache: string;
  /** Files already written, relative to the cache. */
  readonly seeded: Set<string>;
}

/** Bundles one module for the browser and then the packages it imports, each as a module of its own. */
async function seedModule({name, path}: Request, importer: string, seeding: Seeding): Promise<void> {
  const found = findPackage(name, importer);
  if (!found)
    throw failure(`${projectPath(importer, seeding.root)} needs ${name}, which is missing: run npm ci`);
  const output = modulePath(found, path);
  if (seeding.seeded.has(output)) return;
  seeding.seeded.add(output);
  const file = join(seeding.cache, output);
  mkdirSync(dirname(file), {recursive: true});
  cpSync(join(found.folder, "package.json"), join(seeding.cache, packagePath(found), "package.json"));
  if (isFile(path) && !/\.m?js$/.test(path)) return cpSync(join(found.folder, path), file);
  const imported: Request[] = [];
  await build({
    absWorkingDir: importer,
    entryPoints: [path === "" ? name : `${name}/${path}`],
    outfile: file,
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    legalComments: "none",
    logLevel: "error",
    plugins: [externalPackages(found, output, imported)],
  });
  for (const request of imported) await seedModule(request, found.folder, seeding);
}

/** Leaves imports of other packages to their own modules in the cache; what is `require`d is inlined. */
function externalPackages(self: Package, output: string, imported: Request[]): Plugin {
  const importKinds = ["import-statement", "dynamic-import"];
  return {
    name: "external-packages",
    setup({onResolve}) {
      onResolve({filter: /^[^./]/}, ({path: specifier, kind}) => {
        if (!importKinds.includes(kind)) return;
        const request = parseSpecifier(specifier);
        const found = request.name === self.name ? undefined : findPackage(request.name, self.folder);
        if (!found) return;
        imported.push(request);
        return {path: posix.relative(posix.dirname(output), modulePath(found, request.path)), external: true};
      });
    },
  };
}

/** Lets Framework find a version of a package that the client merely names. */
function nameVersion(name: string, {root, cache}: Seeding): void {
  const found = findPackage(name, root) ?? {name, version: "0.0.0"};
  mkdirSync(join(cache, packagePath(found)), {recursive: true});
}

/** The package as Node finds it from a folder: in the nearest node_modules above. */
function findPackage(name: string, from: string): Package | undefined {
  const folder = join(from, "node_modules", name);
  if (existsSync(join(folder, "package.json"))) {
    const {version} = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    return {name, version, folder};
  }
  return dirname(from) === from ? undefined : findPackage(name, dirname(from));
}

const packagePath = ({name, version}: Pick<Package, "name" | "version">): string => `_npm/${name}@${version}`;

/** Where Framework looks for a module of a package: files keep their names, modules become `…_esm.js`. */
function modulePath(found: Package, path: string): string {
  return `${packagePath(found)}/${path === "" ? "_esm.js" : isFile(path) ? path : `${path}._esm.js`}`;
}

const isFile = (path: string): boolean => /\.\w+$/.test(path);

/** Everything the cache depends on: installed versions, what is wanted, and this program. */
function seedStamp(root: string, requests: readonly Request[]): string {
  const lockfile = readFileSync(join(root, "package-lock.json"));
  const wanted = JSON.stringify([requests, namedPackages, "1"]);
  return createHash("sha256").update(lockfile).update(wanted).digest("hex");
}
