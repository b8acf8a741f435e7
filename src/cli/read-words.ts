import {usageError} from "../errors.js";

/**
 * The arguments, or without any the words of stdin.
 * @throws a usage error when there are neither
 */
export async function argumentsOrStdin(given: readonly string[], what: string): Promise<readonly string[]> {
  if (given.length > 0) return given;
  if (process.stdin.isTTY) throw usageError(`name ${what}, or pipe them in`);
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  const words = Buffer.concat(chunks).toString().split(/\s+/).filter(Boolean);
  if (words.length === 0) throw usageError(`name ${what}, or pipe them in`);
  return words;
}
