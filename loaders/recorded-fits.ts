import {compareForms, type FormError} from "../src/laws/compare-forms.js";
import {diagnoseFit, type FitDiagnosis} from "../src/laws/diagnose-fit.js";
import {type FitResult, fit as fitLaw} from "../src/laws/fit.js";
import {allLaws, lawOf} from "../src/laws/index.js";
import {pageOptions} from "../src/laws/page-options.js";
import {type LawTableRecord, runsOf} from "../src/laws/recorded-table.js";
import {suitableLaws} from "../src/laws/suitable-laws.js";

/** What the page on laws shows of a table before anyone asks for more. */
export interface RecordedFit {
  readonly table: string;
  readonly law: string;
  readonly result: FitResult;
  readonly diagnosis?: FitDiagnosis;
  readonly forms?: readonly FormError[];
}

/** Each table with its own law, as the page would fit it; the first one in full. */
export function recordedFits(tables: readonly LawTableRecord[]): RecordedFit[] {
  return tables.map((table, i) => {
    const {name, law, dropped} = table;
    const runs = runsOf(table);
    const options = pageOptions(lawOf(law), runs.rows, dropped);
    const result = withoutRows(fitLaw(lawOf(law), runs, options));
    if (i > 0) return {table: name, law, result};
    const {result: diagnosed, deltas} = diagnoseFit(lawOf(law), runs, options);
    return {
      ...{table: name, law, result},
      diagnosis: {result: withoutRows(diagnosed), deltas},
      forms: compareForms(suitableLaws(allLaws, runs), runs, options),
    };
  });
}

/** The page computes these itself. */
const withoutRows = (result: FitResult): FitResult => ({
  ...result,
  ...{places: [], predictions: [], logResiduals: []},
  leaveLargestOut: result.leaveLargestOut && {...result.leaveLargestOut, logErrors: []},
});
