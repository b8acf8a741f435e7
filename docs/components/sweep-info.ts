import type {MarkovDeclaration} from "../src/training/corpora/markov.js";
import type {RunSettings} from "../src/training/run-settings.js";

/** A published sweep as a whole: an entry of `loaders/sweeps.json`. */
export interface SweepInfo {
  readonly name: string;
  /** What the settings file says at its head: what is asked, and after which figure of which paper. */
  readonly comment: string;
  /** What the runs show, in sentences; empty where nobody has written them. */
  readonly findings: readonly string[];
  /** Published runs. */
  readonly runs: number;
  /** Runs that the settings file plans today, and how many of them are not published. */
  readonly planned: number;
  readonly missing: number;
  /** Runs that are not published because computing them failed. */
  readonly failed: number;
  readonly engines: readonly string[];
  /** Of all runs together, each on one core. */
  readonly seconds: number;
  /** Smallest and largest. */
  readonly parameters: readonly [number, number];
  readonly tokens: readonly [number, number];
  /** The settings in which the runs differ, in the order of the schema. */
  readonly differing: readonly (keyof RunSettings)[];
  /** The settings that a file has to name for a run to be repeated. */
  readonly given: readonly (keyof RunSettings)[];
  /** The settings that all runs share. */
  readonly shared: Partial<RunSettings>;
}

/** What `loaders/sweeps.json` holds. */
export interface SweepIndex {
  /** The engine that this site would compute with. */
  readonly engine: string;
  /** The corpora that are made rather than read, by name: those that a browser can train on. */
  readonly corpora: Readonly<Record<string, MarkovDeclaration>>;
  readonly sweeps: readonly SweepInfo[];
}

/** One run as `loaders/sweeps/NAME.arrow` has it; columns of settings besides. */
export interface SweepRow {
  readonly id: string;
  /** What was done to the weights after training, for the held-out loss of this row; empty where nothing was. */
  readonly after_training: string;
  readonly engine: string;
  readonly parameters: number;
  readonly tokens: number;
  readonly seconds: number;
  readonly held_out_loss: number | null;
  readonly floor: number | null;
  readonly diverged_step: number | null;
  readonly diverged_reason: string | null;
  readonly weight_hash: string;
  readonly curve_steps: number;
  readonly curve: ArrayLike<number>;
}
