import {compareForms, type FormError} from "../src/laws/compare-forms.js";
import {diagnoseFit, type FitDiagnosis} from "../src/laws/diagnose-fit.js";
import {type FitResult, fit as fitLaw} from "../src/laws/fit.js";
import {allLaws, lawOf} from "../src/laws/index.js";
import {pageOptions} from "../src/laws/page-options.js";
import {type LawTableRecord, runsOf} from "../src/laws/recorded-table.js";
import {suitableLaws} from "../src/laws/suitable-laws.js";

/** What the page on laws shows of a table before anyone asks for more. */
interface RecordedFit {
  readonly table: string;
  readonly law: string;
  readonly result: FitResult;
  readonly diagnosis?: FitDiagnosis;
  readonly forms?: readonly FormError[];
}

/** Each table with its own law, as the page would fit it, and all forms compared; whole sweeps only when someone asks. */
export function recordedFits(tables: readonly LawTableRecord[]): RecordedFit[] {
  const asked = tables.filter(({name}) => !name.startsWith("sweep."));
  return asked.map((table, i) => {
    const {name, dropped} = table;
    const law = lawOf(table.law);
    const runs = runsOf(table);
    const options = pageOptions(law, runs.rows, dropped);
    const result = withoutRows(fitLaw(law, runs, options));
    const forms = compareForms(suitableLaws(allLaws, runs), runs, options);
    if (i > 0) return {table: name, law: law.name, result, forms};
    // Many more fits, for what the page opens with alone.
    const {result: diagnosed, deltas} = diagnoseFit(law, runs, options);
    return {table: name, law: law.name, result, forms, diagnosis: {result: withoutRows(diagnosed), deltas}};
  });
}

/** The page computes these itself. */
const withoutRows = (result: FitResult): FitResult => ({
  ...result,
  ...{places: [], predictions: [], logResiduals: []},
  leaveLargestOut: result.leaveLargestOut && {...result.leaveLargestOut, logErrors: []},
});
