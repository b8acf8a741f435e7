/**
 * Errors meant for people: one line that names what was wrong and what is allowed.
 * The command line prints the message without a stack and exits with `exitCode`:
 * 1 when something failed (a file, a checksum, a full disk), 2 when it was asked for wrongly, 130 when Ctrl-C or a
 * signal ended it, as shells have it.
 */
export class BitscapeError extends Error {
  override readonly name = "BitscapeError";
  constructor(
    message: string,
    readonly exitCode: 1 | 2 | 130,
  ) {
    super(message.replaceAll(/\s*\n\s*/g, " "));
  }
}

/** A wrong name, setting or argument: exit code 2. */
export const usageError = (message: string): BitscapeError => new BitscapeError(message, 2);

/** Something that was asked for rightly could not be done: exit code 1. */
export const failure = (message: string): BitscapeError => new BitscapeError(message, 1);

/** What `make` gives; its errors begin with the setting that they are about, as those of wrong values do. */
export function aboutSetting<T>(key: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw error instanceof BitscapeError
      ? new BitscapeError(`${key}: ${error.message}`, error.exitCode)
      : error;
  }
}

/** Someone stopped what was asked for: exit code 130. */
export const interruption = (message: string): BitscapeError => new BitscapeError(message, 130);

/** The `candidate` closest to `word` by edit distance, if any is close enough to be a likely slip. */
export function nearestName(word: string, candidates: readonly string[]): string | undefined {
  return closestName(word, candidates, Math.max(2, Math.ceil(word.length / 3)));
}

/** The `candidate` closest to `word` by edit distance, at most `farthest` away. */
export function closestName(
  word: string,
  candidates: readonly string[],
  farthest = Number.POSITIVE_INFINITY,
): string | undefined {
  let best: string | undefined;
  let bestDistance = farthest + 1;
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({length: b.length + 1}, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = previous[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      current[j] = Math.min(previous[j] + 1, current[j - 1] + 1, substitution);
    }
    previous = current;
  }
  return previous[b.length];
}
