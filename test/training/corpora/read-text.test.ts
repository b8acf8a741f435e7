import {createHash} from "node:crypto";
import {existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from "node:fs";
import {createServer, type RequestListener} from "node:http";
import type {AddressInfo} from "node:net";
import {join} from "node:path";
import {expect, it, onTestFinished} from "vitest";
import type {DownloadProgress} from "../../../src/training/corpora/download.js";
import {type ReadTextEffects, readText} from "../../../src/training/corpora/read-text.js";
import {temporaryFolder} from "../../support/temporary-folder.js";
import {whileUnwritable} from "../../support/unwritable.js";

const text = Buffer.from("Double, double toil and trouble;\n".repeat(3000));
const sha256 = createHash("sha256").update(text).digest("hex");
const nowhere = "http://127.0.0.1:9/witches.txt"; // the discard port, on which nothing listens

const witches = {name: "witches", file: "witches.txt", address: nowhere, bytes: text.length, sha256};
const cachedName = `${sha256.slice(0, 16)}-witches.txt`;

/** Effects that keep everything in a new folder and collect warnings. */
function isolated(environment: Record<string, string> = {}) {
  const cache = join(temporaryFolder(), "cache");
  const warnings: string[] = [];
  const effects: ReadTextEffects = {
    environment: {BITSCAPE_CACHE: cache, ...environment},
    warn: (line) => warnings.push(line),
  };
  return {cache, cached: join(cache, cachedName), warnings, effects};
}

/** Serves requests for the test, and gives the source at the server's address. */
async function served(listener: RequestListener) {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {...witches, address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/witches.txt`};
}

const wholeText = () => served((_, response) => response.end(text));

const filesIn = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder) : []);

it("readText(source) downloads with progress, and reads from the cache the next time", async () => {
  const {cache, effects} = isolated();
  const source = await wholeText();
  const progress: DownloadProgress[] = [];
  const first = await readText(source, {...effects, onDownload: (state) => progress.push(state)});
  expect(Buffer.from(first).equals(text)).toBe(true);
  expect(progress.at(-1)).toEqual({name: "witches", received: text.length, total: text.length});
  expect(filesIn(cache)).toEqual([cachedName]);
  const second = await readText(witches, effects);
  expect(Buffer.from(second).equals(text)).toBe(true);
});

it.each(["witches.txt", "input.txt"])(
  "readText(source) takes %s from BITSCAPE_CORPORA without a network",
  async (name) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, name), text);
    const {cache, effects} = isolated({BITSCAPE_CORPORA: folder});
    expect(Buffer.from(await readText(witches, effects)).equals(text)).toBe(true);
    expect(existsSync(cache)).toBe(false);
  },
);

it("readText(source) names a wrong file in BITSCAPE_CORPORA and leaves it alone", async () => {
  const folder = temporaryFolder();
  const file = join(folder, "witches.txt");
  writeFileSync(file, text.subarray(0, 1000));
  const {effects} = isolated({BITSCAPE_CORPORA: folder});
  await expect(readText(witches, effects)).rejects.toThrow(
    `${file} is not corpus witches: it has 1000 bytes instead of ${text.length}`,
  );
  expect(filesIn(folder)).toEqual(["witches.txt"]);
});

it("readText(source) names a folder BITSCAPE_CORPORA that does not exist", async () => {
  const {effects} = isolated({BITSCAPE_CORPORA: "/no/such/folder"});
  await expect(readText(witches, effects)).rejects.toThrow(
    "BITSCAPE_CORPORA names /no/such/folder, which does not exist",
  );
});

it("readText(source) goes on to the cache when BITSCAPE_CORPORA does not hold the text", async () => {
  const {effects} = isolated({BITSCAPE_CORPORA: temporaryFolder()});
  expect(Buffer.from(await readText(await wholeText(), effects)).equals(text)).toBe(true);
});

it("readText(source) sets a corrupt file of the cache aside, names it and fetches it again", async () => {
  const {cache, cached, warnings, effects} = isolated();
  mkdirSync(cache);
  const corrupt = Buffer.from(text);
  corrupt[5000] ^= 1;
  writeFileSync(cached, corrupt);
  expect(Buffer.from(await readText(await wholeText(), effects)).equals(text)).toBe(true);
  expect(filesIn(cache).sort()).toEqual([cachedName, `${cachedName}.set-aside`]);
  expect(readFileSync(`${cached}.set-aside`).equals(corrupt)).toBe(true);
  const problem = `has SHA-256 ${createHash("sha256").update(corrupt).digest("hex")} instead of ${sha256}`;
  expect(warnings).toEqual([
    `${cached} is not corpus witches: it ${problem}; it is set aside as ${cached}.set-aside and fetched again`,
  ]);
});

const failures: [string, RequestListener, string][] = [
  ["an HTTP error", (_, response) => response.writeHead(404).end("gone"), "ADDRESS answers 404 Not Found"],
  [
    "an empty answer",
    (_, response) => response.end(),
    "the content of ADDRESS is not corpus witches: it is empty",
  ],
  [
    "another text of the same size",
    (_, response) => response.end(Buffer.alloc(text.length, "x")),
    "the content of ADDRESS is not corpus witches: it has SHA-256",
  ],
  [
    "a text that ends too soon",
    (_, response) => response.end(text.subarray(0, 7)),
    `the content of ADDRESS is not corpus witches: it has 7 bytes instead of ${text.length}`,
  ],
  [
    "a connection that breaks",
    (_, response) => {
      response.writeHead(200, {"content-length": text.length});
      response.write(text.subarray(0, 5000), () => response.destroy());
    },
    "cannot download corpus witches from ADDRESS: the connection broke off",
  ],
  [
    "a server that falls silent",
    (_, response) => {
      response.writeHead(200, {"content-length": text.length});
      response.write(text.subarray(0, 5000));
    },
    "cannot download corpus witches from ADDRESS: the server is silent",
  ],
];

it.each(failures)(
  "readText(source) reports %s in one line and leaves nothing behind",
  async (_, listener, message) => {
    const {cache, effects} = isolated();
    const source = await served(listener);
    const reading = readText(source, {...effects, patience: 0.3});
    await expect(reading).rejects.toMatchObject({
      name: "BitscapeError",
      exitCode: 1,
      message: expect.stringContaining(message.replace("ADDRESS", source.address)),
    });
    expect(filesIn(cache)).toEqual([]);
  },
);

it("readText(source) tells what to do where there is no network", async () => {
  const {cache, effects} = isolated();
  await expect(readText(witches, effects)).rejects.toThrow(
    `cannot download corpus witches from ${nowhere}: no network (`,
  );
  await expect(readText(witches, effects)).rejects.toThrow(
    "BITSCAPE_CORPORA can name a folder that holds witches.txt",
  );
  expect(filesIn(cache)).toEqual([]);
});

it("readText(source) can be interrupted and leaves nothing behind", async () => {
  const {cache, effects} = isolated();
  const source = await served((_, response) => {
    response.writeHead(200);
    response.write(text.subarray(0, 5000));
  });
  const interrupt = new AbortController();
  const reading = readText(source, {
    ...effects,
    signal: interrupt.signal,
    onDownload: () => interrupt.abort(),
  });
  await expect(reading).rejects.toThrow("interrupted");
  expect(filesIn(cache)).toEqual([]);
});

it("readText(source) reports a cache folder that cannot be written, before it downloads", async () => {
  const {cache, effects} = isolated();
  mkdirSync(cache);
  let requests = 0;
  const source = await served((_, response) => {
    requests++;
    response.end(text);
  });
  const reading = whileUnwritable(cache, () => readText(source, effects));
  await expect(reading).rejects.toThrow(
    `cannot write to the corpus cache ${cache}: permission denied; BITSCAPE_CACHE can name another folder for it`,
  );
  expect(requests).toBe(0);
});

it("readText(source) reports a cache folder that is a file", async () => {
  const {cache, effects} = isolated();
  writeFileSync(cache, "");
  await expect(readText(await wholeText(), effects)).rejects.toThrow(
    `cannot read ${join(cache, cachedName)}`,
  );
});
