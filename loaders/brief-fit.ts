import type {FitResult} from "../src/laws/fit.js";
import type {OurFit} from "./our-laws.js";

/** A fit of our runs without what it says of each of them. */
type BriefFit = Omit<OurFit, "title" | "rows" | "result"> & {
  readonly result: Pick<FitResult, "law" | "rows" | "rootMeanSquare" | "constants" | "bootstrap"> & {
    readonly heldOut: Pick<NonNullable<FitResult["heldOut"]>, "rootMeanSquare"> | null;
  };
};

/** What the pages read of a fit: a sixth of the whole. */
export function briefFit({data, corpus, sweeps, law, of, domain, result}: OurFit): BriefFit {
  const {law: fitted, rows, rootMeanSquare, heldOut, constants, bootstrap} = result;
  return {
    ...{data, corpus, sweeps, law, of, domain},
    result: {
      ...{law: fitted, rows, rootMeanSquare, constants, bootstrap},
      heldOut: heldOut && {rootMeanSquare: heldOut.rootMeanSquare},
    },
  };
}
