import {existsSync, readFileSync, statSync} from "node:fs";
import {createServer, type Server} from "node:http";
import type {AddressInfo} from "node:net";
import {extname, join, normalize} from "node:path";

const types: Record<string, string> = {
  ".arrow": "application/vnd.apache.arrow.file",
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml; charset=utf-8",
  ".wasm": "application/wasm",
};

interface ServeOptions {
  /** 0 takes a free one. */
  readonly port?: number;
  readonly host?: string;
  /** Folder below which the site appears to live, with slashes at both ends. */
  readonly base?: string;
  /** Lets pages of other origins load the files, as a host of embeds has to. */
  readonly cors?: boolean;
}

/** Serves a folder as a static host does: clean addresses, right types, the site's own page for what is missing. */
export async function serve(
  folder: string,
  {port = 0, host = "127.0.0.1", base = "/", cors = false}: ServeOptions = {},
): Promise<{url: string; close: () => Promise<void>}> {
  const server = createServer((request, response) => {
    const {pathname} = new URL(request.url ?? "/", "http://localhost");
    const found = pathname.startsWith(base) ? findFile(folder, pathname.slice(base.length)) : undefined;
    const file = found ?? join(folder, "404.html");
    if (cors) response.setHeader("Access-Control-Allow-Origin", "*");
    response.setHeader("Content-Type", types[extname(file)] ?? "application/octet-stream");
    response.writeHead(found ? 200 : 404);
    response.end(existsSync(file) ? readFileSync(file) : "not found");
  });
  await listen(server, port, host);
  const {port: used} = server.address() as AddressInfo;
  return {url: `http://${host}:${used}${base}`, close: () => closeServer(server)};
}

function findFile(folder: string, path: string): string | undefined {
  const target = normalize(join("/", decodePath(path)));
  const candidates = [target, `${target}.html`, join(target, "index.html")].map((name) => join(folder, name));
  return candidates.find((candidate) => existsSync(candidate) && statSync(candidate).isFile());
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

const listen = (server: Server, port: number, host: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once("error", reject).listen(port, host, resolve);
  });

const closeServer = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
