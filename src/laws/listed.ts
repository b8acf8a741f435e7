/** "A", "A and B", "A, B and C". */
export const listed = (words: readonly string[], conjunction: "and" | "or" = "and"): string =>
  words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} ${conjunction} ${words.at(-1)}`;
