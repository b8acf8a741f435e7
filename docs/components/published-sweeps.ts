import {elementMaker} from "./element-maker.js";

/** What loaders/repeated-runs.ts says of the published sweeps. */
export interface PublishedSweeps {
  /** By which the quick runs were computed when the site was built. */
  readonly engine: string;
  readonly sweeps: readonly PublishedSweepRow[];
}

export interface PublishedSweepRow {
  readonly name: string;
  readonly command: string;
  readonly machines: readonly {
    readonly processor: string;
    readonly cores: number;
    readonly node: string;
    readonly platform: string;
    readonly runs: number;
  }[];
  readonly engines: readonly string[];
  readonly finished: string | null;
  readonly runs: number;
  readonly diverged: number;
  readonly coreSeconds: number;
  readonly wallSeconds: number | null;
  /** Runs computed again when the site was built; null for a sweep without a quick size. */
  readonly repeated: {
    readonly runs: number;
    readonly equal: number;
    readonly differing: readonly string[];
    readonly seconds: {readonly published: number; readonly here: number};
  } | null;
}

/** What came of the runs that were computed again when the site was built. */
export function repeatedClaim({sweeps}: PublishedSweeps): string {
  const repeated = sweeps.flatMap(({repeated}) => repeated ?? []);
  const runs = total(repeated, (sweep) => sweep.runs);
  const equal = total(repeated, (sweep) => sweep.equal);
  if (runs === 0) return "No published run was computed again when this site was built.";
  const seconds = total(repeated, (sweep) => sweep.seconds.here);
  const effort = `in ${timeText(seconds)} of one core`;
  if (equal === runs) {
    return `The computer that built this site computed ${runs} of the published runs again, ${effort}: all ${runs} ended with the published weights, bit for bit.`;
  }
  return `The computer that built this site computed ${runs} of the published runs again, ${effort}: ${equal} ended with the published weights, ${runs - equal} did not. The table says which.`;
}

/** Where a sweep was computed before such things were noted. */
const unknown = "not noted";

/** One row for each published sweep: its size, its cost, where it was computed, and how it was repeated. */
export function publishedSweepsTable(
  {sweeps}: PublishedSweeps,
  {document = globalThis.document}: {document?: Document} = {},
): HTMLElement {
  const make = elementMaker(document);
  const heads = [
    "sweep",
    "runs",
    "repeated here",
    "on one core",
    "in all",
    "finished",
    "computed on",
    "engines",
  ];
  const line = (sweep: PublishedSweepRow) =>
    make(
      "tr",
      {},
      make("th", {scope: "row"}, make("a", {href: `./sweeps?sweep=${sweep.name}`}, sweep.name)),
      make("td", {class: "number"}, String(sweep.runs)),
      make("td", {}, repeatedText(sweep)),
      make("td", {class: "number"}, timeText(sweep.coreSeconds)),
      make("td", {class: "number"}, sweep.wallSeconds === null ? unknown : timeText(sweep.wallSeconds)),
      make("td", {}, sweep.finished?.slice(0, 10) ?? unknown),
      make("td", {}, machineText(sweep)),
      make("td", {}, make("code", {}, sweep.engines.join(" "))),
    );
  const table = make(
    "table",
    {class: "data-table"},
    make(
      "caption",
      {},
      "Published sweeps, what each cost, and how many of its runs the build of this site repeated",
    ),
    make("thead", {}, make("tr", {}, ...heads.map((head) => make("th", {scope: "col"}, head)))),
    make("tbody", {}, ...sweeps.map(line)),
  );
  return make(
    "div",
    {class: "table-room published-sweeps", tabindex: "0", role: "region", "aria-label": "Published sweeps"},
    table,
  );
}

function machineText({machines, runs}: PublishedSweepRow): string {
  const texts = machines.map(
    ({processor, cores, node}) => `${processor}, ${cores} cores, Node ${node.replace(/^v/, "")}`,
  );
  const rest = runs - total(machines, (machine) => machine.runs);
  if (texts.length === 0) return unknown;
  return [...texts, ...(rest > 0 ? [`${unknown} for ${rest} runs`] : [])].join("; ");
}

function repeatedText({repeated}: PublishedSweepRow): string {
  if (!repeated) return "has no quick size";
  if (repeated.runs === 0) return "none of its runs";
  const {runs, equal, differing} = repeated;
  if (equal === runs) return `${equal} of ${runs} equal`;
  return `${equal} of ${runs} equal; not ${differing.join(", ")}`;
}

/** `8 s`, `12 min`, `3.8 h`. */
export function timeText(seconds: number): string {
  if (seconds < 100) return `${Math.round(seconds)} s`;
  if (seconds < 100 * 60) return `${Math.round(seconds / 60)} min`;
  return `${Number((seconds / 3600).toPrecision(2))} h`;
}

const total = <T>(items: readonly T[], value: (item: T) => number): number =>
  items.reduce((sum, item) => sum + value(item), 0);
