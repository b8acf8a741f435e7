import {dirname} from "node:path";
import {BitscapeError, failure} from "../../errors.js";
import {fileProblem} from "../file-problem.js";
import {writeAtomically} from "../write-atomically.js";
import {contentChecker, type TextSource} from "./text-source.js";

export interface DownloadProgress {
  readonly name: string;
  /** Bytes received so far. */
  readonly received: number;
  /** Bytes in all, where known. */
  readonly total: number | undefined;
}

export interface DownloadEffects {
  readonly fetch?: typeof globalThis.fetch;
  readonly onDownload?: (progress: DownloadProgress) => void;
  readonly signal?: AbortSignal;
  /** Seconds without a byte after which the download is given up. */
  readonly patience?: number;
}

/**
 * Downloads a text to `file`, which appears only when size and checksum are right.
 * @throws a one-line error when there is no network, the server refuses, the connection breaks, the content is another,
 *   or the folder cannot be written; nothing is left behind then
 */
export async function download(
  source: TextSource & {readonly address: string},
  file: string,
  effects: DownloadEffects = {},
): Promise<void> {
  const {name, address, bytes} = source;
  const {onDownload = () => {}} = effects;
  try {
    await writeAtomically(file, async (handle) => {
      const check = contentChecker(source);
      for await (const {chunk, total} of receive(source, effects)) {
        check.update(chunk);
        await handle.write(chunk);
        onDownload({name, received: check.size(), total: bytes ?? total});
      }
      const problem = check.problem();
      if (problem) throw failure(`the content of ${address} is not corpus ${name}: it ${problem}`);
    });
  } catch (error) {
    if (error instanceof BitscapeError) throw error;
    throw cacheFailure(dirname(file), error);
  }
}

export const cacheFailure = (folder: string, error: unknown): BitscapeError =>
  failure(
    `cannot write to the corpus cache ${folder}: ${fileProblem(error)}; ` +
      "BITSCAPE_CACHE can name another folder for it",
  );

async function* receive(
  {name, address, file}: TextSource & {readonly address: string},
  {fetch = globalThis.fetch, signal, patience = 30}: DownloadEffects,
): AsyncGenerator<{chunk: Uint8Array; total: number | undefined}> {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), patience * 1000);
  const signals = signal ? [signal, silence.signal] : [silence.signal];
  let isAnswered = false;
  try {
    const headers = {"accept-encoding": "identity"}; // so that the length is that of the content
    const response = await fetch(address, {headers, signal: AbortSignal.any(signals)});
    if (!response.ok) {
      const answer = `${response.status} ${response.statusText}`.trim();
      throw failure(`cannot download corpus ${name}: ${address} answers ${answer}`);
    }
    isAnswered = true;
    const length = response.headers.get("content-length");
    for await (const chunk of response.body ?? []) {
      timer.refresh();
      yield {chunk, total: length === null ? undefined : Number(length)};
    }
  } catch (error) {
    if (error instanceof BitscapeError) throw error;
    const attempt = `cannot download corpus ${name} from ${address}`;
    if (signal?.aborted) throw failure(`${attempt}: interrupted`);
    if (silence.signal.aborted) throw failure(`${attempt}: the server is silent`);
    if (isAnswered) throw failure(`${attempt}: the connection broke off`);
    throw failure(
      `${attempt}: no network (${networkProblem(error)}); ` +
        `BITSCAPE_CORPORA can name a folder that holds ${file}`,
    );
  } finally {
    clearTimeout(timer);
  }
}

function networkProblem(error: unknown): string {
  const {message, cause} = error as Error & {cause?: NodeJS.ErrnoException};
  return cause?.code ?? cause?.message ?? message;
}
