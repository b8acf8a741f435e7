import {createServer} from "node:net";
import {failure} from "../../src/errors.js";

const firstPort = 3000;
const lastPort = 3999;

/** The wanted port if it can be had, or without one the first that is free from 3000 on. */
export async function freePort(host: string, wanted?: number): Promise<number> {
  if (wanted !== undefined) {
    if (await isFree(host, wanted)) return wanted;
    throw failure(`port ${wanted} of ${host} is in use: name another one, or none for the next that is free`);
  }
  for (let port = firstPort; port <= lastPort; port++) if (await isFree(host, port)) return port;
  throw failure(`no port of ${host} is free from ${firstPort} to ${lastPort}`);
}

const isFree = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", ({code}: NodeJS.ErrnoException) => {
      if (code === "EADDRINUSE") resolve(false);
      else reject(failure(`cannot listen on port ${port} of ${host} (${code})`));
    });
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
