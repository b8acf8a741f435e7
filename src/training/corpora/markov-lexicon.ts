import {type CorpusKernels, streams} from "./corpus.js";

/** Repeated entries are as many times as likely. */
const list = (text: string): readonly string[] => text.split(" ");
const onsets = list("b br c ch cl d dr f fl g gr h j k l m n p pl pr qu r s sh sl st t th tr v w y z");
const vowels = list("a a a e e e i i o o u u ai ea ee oo ou");
const codas = ["", "", "", ...list("n n r r s t l nd st x ng ck")];
const syllableCounts = [1, 1, 2, 2, 2, 3];

/** Distinct pronounceable words of the letters a to z, the short ones first (Zipf's law of abbreviation). */
export function spellLexicon(
  {words, seed}: {words: number; seed: number},
  {randomBits}: CorpusKernels,
): string[] {
  let index = 0;
  const pick = <T>(choices: readonly T[]): T => {
    const share = randomBits(seed, streams.lexicon, 0, index++) / 2 ** 32;
    return choices[Math.floor(share * choices.length)];
  };
  const spelled = new Set<string>();
  while (spelled.size < words) {
    const syllables = Array.from({length: pick(syllableCounts)}, () => pick(onsets) + pick(vowels));
    spelled.add(syllables.join("") + pick(codas));
  }
  return [...spelled].sort((a, b) => a.length - b.length);
}
