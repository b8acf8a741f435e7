import {readFileSync, statSync} from "node:fs";
import {dirname, join, posix} from "node:path";
import {build, type Plugin} from "esbuild";
import type {DOMWindow} from "jsdom";
import {filesBelow} from "./source-files.js";

/** Names that a page may use without defining them: Framework's, and the packages that are always seeded. */
const builtins = new Set([
  ...["display", "view", "visibility", "invalidation", "now", "width", "dark", "resize"],
  ...["FileAttachment", "Generators", "Mutable", "Plot", "d3", "Inputs", "aq", "htl", "html", "svg"],
]);

/** Attributes by which a page loads something, as opposed to linking to it. */
const loading = [
  ["img, script, iframe, video, audio, source, embed, track", "src"],
  ["img, source", "srcset"],
  ["link:not([rel=canonical])", "href"],
  ["object", "data"],
  ["video", "poster"],
] as const;

/** A page, script or style sheet of the site; scripts inside a page carry the page's name. */
interface Source {
  /** Relative to the output folder. */
  readonly file: string;
  readonly kind: "js" | "css";
  readonly text: string;
}

/**
 * What is wrong with a built site, one line for each finding: cells that did not compile, names that nothing defines,
 * links and references that lead nowhere, imports that no browser can resolve, requests to other origins, empty files.
 * Framework builds all of these without complaint.
 */
export async function scanSite(output: string): Promise<string[]> {
  const {JSDOM, VirtualConsole} = await import("jsdom");
  const site = new Set(allFiles(output));
  const findings: string[] = [];
  const sources: Source[] = [...site].flatMap((file) => {
    const kind = /\.(js|css)$/.exec(file)?.[1] as Source["kind"] | undefined;
    return kind ? [{file, kind, text: readFileSync(join(output, file), "utf8")}] : [];
  });
  const anchors = new Map<string, Set<string>>();
  const links: {page: string; href: string}[] = [];

  for (const page of [...site].filter((file) => file.endsWith(".html"))) {
    const html = readFileSync(join(output, page), "utf8");
    const {window} = new JSDOM(html, {virtualConsole: new VirtualConsole()});
    const {document} = window;
    const report = (text: string) => findings.push(`${pageName(page)}: ${text}`);
    for (const error of document.querySelectorAll(".observablehq--error")) report(oneLine(error.textContent));
    for (const reference of loadedBy(document)) {
      if (isForeign(reference)) report(`loads ${reference} from another origin`);
      else if (isLocal(reference) && !findFile(site, page, reference)) report(`${reference} does not exist`);
    }
    const scripts = [...document.querySelectorAll("script:not([src])")].map(
      (script) => script.textContent ?? "",
    );
    for (const name of undefinedNames(scripts.join("\n"))) report(`nothing on the page defines ${name}`);
    sources.push(...scripts.map((text) => ({file: page, kind: "js", text}) as const));
    anchors.set(page, new Set(Array.from(document.querySelectorAll("[id]"), (element) => element.id)));
    links.push(...linksOf(document).map((href) => ({page, href})));
    window.close();
  }

  for (const {page, href} of links) {
    const target = findFile(site, page, href);
    const anchor = decodeURIComponent(/#(.*)$/.exec(href)?.[1] ?? "");
    if (!target) findings.push(`${pageName(page)}: the link ${href} leads nowhere`);
    else if (anchor && anchors.has(target) && !anchors.get(target)!.has(anchor)) {
      findings.push(`${pageName(page)}: the link ${href} leads to no heading`);
    }
  }
  // Framework's own client also names many packages that it would load only for pages that use them.
  for (const {file, reference} of await referencesOf(sources)) {
    if (isForeign(reference)) findings.push(`${pageName(file)}: loads ${reference} from another origin`);
    else if (file.startsWith("_observablehq/")) continue;
    else if (!/^(\.{0,2}\/|[a-z]+:|#)/.test(reference))
      findings.push(`${pageName(file)}: cannot resolve ${reference}`);
    else if (isLocal(reference) && !findFile(site, file, reference)) {
      findings.push(`${pageName(file)}: ${reference} does not exist`);
    }
  }
  for (const file of site) if (statSync(join(output, file)).size === 0) findings.push(`/${file} is empty`);
  return [...new Set(findings)];
}

const allFiles = (output: string): string[] =>
  filesBelow(output).map((file) => posix.normalize(file.slice(output.length + 1).replaceAll("\\", "/")));

/** `/unit-scaling` for unit-scaling.html, `/` for index.html; other files by their path. */
const pageName = (file: string): string =>
  `/${file.replace(/(^|\/)index\.html$/, "$1").replace(/\.html$/, "")}`;

const oneLine = (text: string | null): string => (text ?? "").replaceAll(/\s+/g, " ").trim();

function* loadedBy(document: DOMWindow["document"]): Generator<string> {
  for (const [selector, attribute] of loading) {
    for (const element of document.querySelectorAll(selector)) {
      const value = element.getAttribute(attribute);
      if (value === null) continue;
      yield* attribute === "srcset" ? value.split(",").map((part) => part.trim().split(/\s/)[0]) : [value];
    }
  }
}

const linksOf = (document: DOMWindow["document"]): string[] =>
  Array.from(document.querySelectorAll("a[href]"), (element) => element.getAttribute("href")!).filter(
    isLocal,
  );

const isForeign = (reference: string): boolean => /^(https?:|wss?:)?\/\//i.test(reference);

/** Whether a reference means a file of the site: neither another origin, nor `data:`, `blob:`, `mailto:` and the like. */
const isLocal = (reference: string): boolean =>
  !isForeign(reference) && !/^[a-z][a-z\d+.-]*:/i.test(reference);

/** The file that a static server with clean addresses answers with; undefined if there is none. */
function findFile(site: ReadonlySet<string>, from: string, reference: string): string | undefined {
  const path = reference.replace(/[?#].*$/, "");
  if (path === "") return from;
  const target = posix
    .join(path.startsWith("/") ? "" : dirname(from), decodePath(path))
    .replace(/^\.?\//, "");
  const folder = target.replace(/(?<=[^/])$/, "/");
  return [target, `${target}.html`, `${folder}index.html`].find((candidate) => site.has(candidate));
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** What the cells of a page ask for and neither a cell nor Framework provides. */
function undefinedNames(script: string): string[] {
  const names = (key: string): string[] =>
    [...script.matchAll(new RegExp(`^define\\(\\{.*?\\b${key}: (\\[[^\\]]*\\])`, "gm"))].flatMap(([, list]) =>
      JSON.parse(list),
    );
  const defined = new Set(names("outputs"));
  return [...new Set(names("inputs"))].filter((name) => !defined.has(name) && !builtins.has(name));
}

/** Everything that scripts and style sheets import or load by a literal address. */
async function referencesOf(sources: readonly Source[]): Promise<{file: string; reference: string}[]> {
  const references: {file: string; reference: string}[] = [];
  const collect: Plugin = {
    name: "collect-references",
    setup({onResolve, onLoad}) {
      onResolve({filter: /.*/}, ({path, kind, importer}) => {
        if (kind === "entry-point") return {path, namespace: "site"};
        references.push({file: sources[Number(importer)].file, reference: path});
        return {path, external: true};
      });
      onLoad({filter: /.*/, namespace: "site"}, ({path}) => {
        const {text, kind} = sources[Number(path)];
        return {contents: text, loader: kind};
      });
    },
  };
  await build({
    entryPoints: sources.map((_, index) => String(index)),
    outdir: ".",
    bundle: true,
    write: false,
    format: "esm",
    target: "esnext",
    logLevel: "silent",
    plugins: [collect],
  });
  const literal =
    /\b(?:import\.meta\.resolve|fetch|Worker|EventSource|WebSocket|sendBeacon)\(\s*(["'`])([^"'`$]+)\1/g;
  for (const {file, kind, text} of sources) {
    if (kind !== "js") continue;
    for (const [, , reference] of text.matchAll(literal)) references.push({file, reference});
  }
  return references;
}
