import {once} from "node:events";
import {createServer as createHttpServer} from "node:http";
import {createServer, type Server, type Socket} from "node:net";
import {describe, expect, it, onTestFinished} from "vitest";
import {parseRedisAddress} from "../../../src/sweeps/redis/address.js";
import {connectRedis} from "../../../src/sweeps/redis/connect.js";
import {freePort, hasRedis, startRedis} from "../../support/redis-server.js";

const connect = (url: string, changes = {}) =>
  connectRedis(parseRedisAddress(url, undefined), {
    timeout: 1,
    waitAtStart: false,
    say: () => {},
    ...changes,
  });

async function listening(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const {port} = server.address() as {port: number};
  return `redis://:secret@127.0.0.1:${port}`;
}

/** A server that answers every chunk. */
const answering = (answer: (socket: Socket, request: string) => void) =>
  createServer((socket) => {
    socket.on("error", () => {}).on("data", (chunk) => answer(socket, chunk.toString()));
  });

describe("connectRedis", () => {
  it("says in one line that nothing answers, or waits for it as long as it is told", async () => {
    const url = `redis://:secret@127.0.0.1:${await freePort()}`;
    const shown = url.replace(":secret@", "");
    await expect(connect(url)).rejects.toThrow(`nothing answers at ${shown}: connection refused`);
    const lines: string[] = [];
    const waiting = connect(url, {waitAtStart: true, say: (line: string) => lines.push(line)});
    await expect(waiting).rejects.toThrow(`Redis at ${shown} did not come within 1 s`);
    expect(lines).toEqual([`nothing answers at ${shown}: connection refused; waiting for it`]);
  });

  it("knows a name that stands for no host", async () => {
    await expect(connect("redis://no-such-host.invalid")).rejects.toThrow("there is no host of the name in");
  });

  it.each<[string, () => Server, string]>([
    ["a web server", () => createHttpServer((_, response) => response.end()), "is not a Redis"],
    [
      "a mail server",
      () => createServer((socket) => socket.on("error", () => {}).write("220 mail\r\n")),
      "is not a Redis",
    ],
    ["a server that hangs up", () => answering((socket) => socket.destroy()), "closes the connection"],
    [
      "a Redis of long ago",
      () =>
        answering((socket, request) => {
          const info = "redis_version:3.2.12\r\n";
          for (const _ of request.matchAll(/^\*/gm)) {
            socket.write(request.includes("info") ? `$${info.length}\r\n${info}\r\n` : "+OK\r\n");
          }
        }),
      "is 3.2.12; 6.2 or later is needed",
    ],
  ])("says in one line that there is %s", async (_, server, message) => {
    const url = await listening(server());
    const connecting = connect(url);
    await expect(connecting).rejects.toMatchObject({exitCode: 1, message: expect.stringContaining(message)});
    await expect(connecting).rejects.not.toThrow("secret");
  });

  it.skipIf(!hasRedis)("says in one line that a password is missing or wrong", async () => {
    const {url} = await startRedis("--requirepass", "right");
    await expect(connect(url)).rejects.toThrow(`Redis at ${url} asks for a password`);
    const wrong = connect(url.replace("//", "//:wrong@"));
    await expect(wrong).rejects.toThrow(`Redis at ${url} does not take this name and password`);
    const link = await connect(url.replace("//", "//:right@"));
    expect(await link.client.ping()).toBe("PONG");
    link.close();
  });
});
