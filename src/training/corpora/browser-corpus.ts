import {sha256} from "@noble/hashes/sha2.js";
import {bytesToHex} from "@noble/hashes/utils.js";
import {failure} from "../../errors.js";
import type {RunSettings} from "../run-settings.js";
import type {Corpus, CorpusKernels} from "./corpus.js";
import type {TextDeclaration} from "./declarations.js";
import {type MarkovDeclaration, markovCorpus} from "./markov.js";
import {textCorpus} from "./text-corpus.js";

/** A text that the reader has given to the page. */
export interface GivenText {
  readonly kind: "given";
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Where a browser takes a corpus from: it generates it, asks a public address, or was given the text. */
export type BrowserCorpus = MarkovDeclaration | TextDeclaration | GivenText;

/**
 * A corpus without files: the same as `loadCorpus` makes of the same settings.
 * @throws a one-line error when a text cannot be had or does not suit the settings
 */
export async function browserCorpus(
  source: BrowserCorpus,
  {vocabulary, context}: Pick<RunSettings, "vocabulary" | "context">,
  kernels: CorpusKernels,
  {fetch = globalThis.fetch}: {fetch?: typeof globalThis.fetch} = {},
): Promise<Corpus> {
  if (source.kind === "markov") return markovCorpus(source, kernels, {vocabulary});
  const bytes = source.kind === "given" ? source.bytes : await fetchText(source, fetch);
  return textCorpus(bytes, {name: source.name, vocabulary, context}, kernels);
}

async function fetchText(
  {name, address, sha256: expected}: TextDeclaration,
  fetch: typeof globalThis.fetch,
): Promise<Uint8Array> {
  const {host} = new URL(address);
  const response = await fetch(address).catch(() => undefined);
  if (!response)
    throw failure(`cannot download corpus ${name} from ${host}: no network, or it does not allow it`);
  if (!response.ok) throw failure(`cannot download corpus ${name}: ${host} answers ${response.status}`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  const actual = bytesToHex(sha256(bytes));
  if (actual !== expected) {
    throw failure(
      `the content of ${address} is not corpus ${name}: it has SHA-256 ${actual} instead of ${expected}`,
    );
  }
  return bytes;
}
