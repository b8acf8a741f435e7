import {basename} from "node:path";
import {failure} from "../../errors.js";
import type {RunSettings} from "../run-settings.js";
import type {Corpus, CorpusKernels} from "./corpus.js";
import {isAddress} from "./corpus-checksums.js";
import {type CorpusDeclaration, declarationChecksum, readDeclarations} from "./declarations.js";
import {markovCorpus} from "./markov.js";
import {type ReadTextEffects, readText, readVerified} from "./read-text.js";
import {textCorpus} from "./text-corpus.js";

export type CorpusSettings = Pick<RunSettings, "corpus" | "corpusChecksum" | "vocabulary" | "context">;

export interface CorpusEffects extends ReadTextEffects {
  readonly declarations?: ReadonlyMap<string, CorpusDeclaration>;
}

/**
 * The corpus that the settings name, with its content checked.
 * @throws a one-line error when it cannot be had, is not what the checksum says, or does not suit the settings
 */
export async function loadCorpus(
  settings: CorpusSettings,
  {kernels, ...effects}: CorpusEffects & {readonly kernels: CorpusKernels},
): Promise<Corpus> {
  const {corpus: name, vocabulary, context} = settings;
  const declaration = findDeclaration(settings, effects);
  if (declaration?.kind === "markov") return markovCorpus(declaration, kernels, {vocabulary});
  return textCorpus(await readCorpusText(settings, effects), {name, vocabulary, context}, kernels);
}

/** Makes sure that `loadCorpus` will find the corpus on this machine: downloads it if need be. */
export async function fetchCorpus(settings: CorpusSettings, effects: CorpusEffects = {}): Promise<void> {
  if (findDeclaration(settings, effects)?.kind !== "markov") await readCorpusText(settings, effects);
}

function readCorpusText(settings: CorpusSettings, effects: CorpusEffects): Promise<Uint8Array> {
  const {corpus: name, corpusChecksum: sha256} = settings;
  const declaration = findDeclaration(settings, effects);
  if (declaration?.kind === "text") return readText(declaration, effects);
  if (!isAddress(name)) return readVerified({name, file: name, sha256}, name);
  const file = basename(new URL(name).pathname).replaceAll(/[^\w.-]/g, "_") || "text";
  return readText({name, address: name, file, sha256}, effects);
}

function findDeclaration(
  {corpus, corpusChecksum}: CorpusSettings,
  {declarations = readDeclarations()}: CorpusEffects,
): CorpusDeclaration | undefined {
  const declaration = declarations.get(corpus);
  const checksum = declaration && declarationChecksum(declaration);
  if (checksum && corpusChecksum && checksum !== corpusChecksum) {
    throw failure(
      `corpus ${corpus} is not the one that these settings were made for: ` +
        `its checksum is ${checksum} instead of ${corpusChecksum}`,
    );
  }
  return declaration;
}
