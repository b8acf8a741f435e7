/** A package that Framework went to the network for; it says so in the middle of a line. */
const fetched = /(?:^|\s)npm:((?:@[^/\s]+\/)?[^/@\s]+)\S* → /gm;

/** What a loader printed before it failed, and Framework's reason. */
const failedLoader = /\bload (\S+) → (?:\[\w+\] )?((?:(?!\bload )[\s\S])*?)error in \d+ms: (.*)$/m;

/** Why Framework's build stopped, in one line. */
export function buildFailure(log: string): string {
  const [, path, printed, reason] = failedLoader.exec(log) ?? [];
  if (path) return `the loader of ${path} failed: ${/^\w*Error: (.*)$/m.exec(printed)?.[1] ?? reason}`;
  const [missing] = log.matchAll(fetched);
  if (missing) return `a page uses npm:${missing[1]}, which package.json does not install`;
  const [, message = "no reason given"] = /^Unexpected error: (.*(?:\n.+)*)/m.exec(log) ?? [];
  return message
    .replace(/\s*Require stack:[\s\S]*/, "")
    .replace(/^Not found: (.*)/, "a page attaches $1, which is neither a file nor written by a loader")
    .replaceAll(/\s*\n\s*/g, " ");
}

/** Warnings of a build that ended well, one line each; links are left to the scan of the output, which knows more. */
export function buildWarnings(log: string): string[] {
  const assets = Array.from(
    log.matchAll(/^load (\S+) (non-local asset path: .*)$/gm),
    ([, page, text]) => `${page}: ${text}`,
  );
  const packages = Array.from(
    log.matchAll(fetched),
    ([, name]) => `npm:${name} came from the network, since package.json does not install it`,
  );
  const warnings = Array.from(log.matchAll(/^Warning: (.*)$/gm), ([, text]) => text);
  return [...assets, ...packages, ...warnings.filter((text) => !/^\d+ broken links?\b/.test(text))];
}
