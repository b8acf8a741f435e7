import {BitscapeError} from "../errors.js";
import type {Kernels} from "../kernels/kernels.js";
import {browserCorpus, type GivenText} from "./corpora/browser-corpus.js";
import {corpusOfSize} from "./corpora/corpus-of-size.js";
import {reserveMemory} from "./memory-plan.js";
import {refusedSetting} from "./refused-setting.js";
import {planMemory} from "./run.js";
import type {RunSettings} from "./run-settings.js";

/** Why a run cannot begin though each of its settings is possible. */
export interface RunRefusal {
  /** The setting to change; undefined where it is none alone. */
  readonly key: keyof RunSettings | undefined;
  readonly message: string;
}

export interface RefusalQuestion {
  readonly settings: RunSettings;
  /** A text of the reader; of another corpus the size of its vocabulary is enough, so that nothing is downloaded. */
  readonly corpus: GivenText | {readonly kind: "unread"; readonly vocabularySize: number};
}

/** Plans the run as it is planned before its first step, without the memory that it needs. */
export async function runRefusal(
  {settings, corpus}: RefusalQuestion,
  kernels: Kernels,
): Promise<RunRefusal | undefined> {
  try {
    const read =
      corpus.kind === "given"
        ? await browserCorpus(corpus, settings, kernels)
        : corpusOfSize(settings.corpus, corpus.vocabularySize);
    const plan = planMemory(settings, kernels, read);
    reserveMemory({mark: kernels.mark, reserve: () => true}, plan, Number.POSITIVE_INFINITY);
  } catch (error) {
    if (!(error instanceof BitscapeError)) throw error;
    return {key: refusedSetting(error.message, settings), message: error.message};
  }
}
