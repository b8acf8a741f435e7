import {once} from "node:events";
import {createServer} from "node:net";
import {expect, it, onTestFinished} from "vitest";
import {freePort} from "../../tools/site/free-port.js";

async function occupy(port: number): Promise<number | undefined> {
  const server = createServer();
  const listening = await new Promise((resolve) => {
    server.once("error", () => resolve(false)).listen(port, "127.0.0.1", () => resolve(true));
  });
  if (!listening) return undefined;
  onTestFinished(async () => {
    server.close();
    await once(server, "close");
  });
  return (server.address() as {port: number}).port;
}

it("freePort(host) passes over ports that are in use", async () => {
  const first = await freePort("127.0.0.1");
  await occupy(first);
  expect(await freePort("127.0.0.1")).toBeGreaterThan(first);
});

it("freePort(host, port) takes the port that is asked for, or says that it is in use", async () => {
  const port = (await occupy(0))!;
  await expect(freePort("127.0.0.1", port)).rejects.toThrow(`port ${port} of 127.0.0.1 is in use`);
});

it("freePort says so when the address is not one of this computer's", async () => {
  await expect(freePort("192.0.2.1")).rejects.toThrow(
    "cannot listen on port 3000 of 192.0.2.1 (EADDRNOTAVAIL)",
  );
});
