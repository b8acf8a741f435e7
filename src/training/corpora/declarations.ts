import {readdirSync} from "node:fs";
import {join} from "node:path";
import {sha256} from "@noble/hashes/sha2.js";
import {bytesToHex, utf8ToBytes} from "@noble/hashes/utils.js";
import {z} from "zod";
import {failure, usageError} from "../../errors.js";
import {canonicalJson} from "../canonical-json.js";
import {fileProblem} from "../file-problem.js";
import {packageFolder} from "../folders.js";
import {readYaml} from "../yaml-source.js";
import type {MarkovDeclaration} from "./markov.js";

/** A text at a public address. */
export interface TextDeclaration {
  readonly kind: "text";
  readonly name: string;
  readonly address: string;
  /** Name of the file in the cache, and in a folder of texts where there is no network. */
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

export type CorpusDeclaration = MarkovDeclaration | TextDeclaration;

const declarationSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("markov"),
    words: z.int().min(2).max(5000),
    successors: z.literal([2, 4, 8, 16, 32, 64, 128, 256, 512, 1024]),
    exponent: z.number().min(0).max(4),
    seed: z.uint32(),
  }),
  z.strictObject({
    kind: z.literal("text"),
    address: z.url({protocol: /^https?$/}),
    file: z.string().regex(/^[\w.-]+$/),
    bytes: z.int().min(1),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
  }),
]);

/** The corpora that `data/corpora/*.yaml` declares, by name (the file's, without its ending). */
export function readDeclarations(
  folder = join(packageFolder, "data/corpora"),
): ReadonlyMap<string, CorpusDeclaration> {
  const names = listNames(folder);
  return new Map(names.map((name) => [name, readDeclaration(join(folder, `${name}.yaml`), name)]));
}

/** SHA-256 that identifies what a declaration yields: the text's, or that of the language's parameters. */
export function declarationChecksum(declaration: CorpusDeclaration): string {
  if (declaration.kind === "text") return declaration.sha256;
  const {name: _, ...parameters} = declaration;
  return bytesToHex(sha256(utf8ToBytes(canonicalJson(parameters))));
}

function readDeclaration(path: string, name: string): CorpusDeclaration {
  const source = readYaml(path);
  const {data, error} = declarationSchema.safeParse(source.value);
  if (data) return {...data, name};
  const {path: place, message} = error.issues[0];
  const parts = place.map((part) => (typeof part === "number" ? part : String(part)));
  throw usageError(`${source.where(parts)}: ${[...parts, message].join(": ")}`);
}

function listNames(folder: string): string[] {
  try {
    const files = readdirSync(folder).sort();
    return files.filter((file) => file.endsWith(".yaml")).map((file) => file.slice(0, -".yaml".length));
  } catch (error) {
    throw failure(`cannot read the declared corpora in ${folder}: ${fileProblem(error)}`);
  }
}
