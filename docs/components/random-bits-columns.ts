import type {Column} from "./column.js";
import type {RandomBitsRow} from "./random-bits-row.js";

/** Mean ends of the sums of every form, for one number of random bits. */
export interface RandomBitsMean {
  readonly bits: number;
  readonly means: Readonly<Record<string, number>>;
  readonly exact: number;
}

/** One line for each number of bits. */
export function randomBitsMeans(rows: readonly RandomBitsRow[]): RandomBitsMean[] {
  const forms = [...new Set(rows.map(({form}) => form))];
  return [...new Set(rows.map(({bits}) => bits))].map((bits) => {
    const ofBits = rows.filter((row) => row.bits === bits);
    const means = forms.map((form) => [form, mean(ofBits.filter((row) => row.form === form))] as const);
    return {bits, means: Object.fromEntries(means), exact: ofBits[0].exact};
  });
}

const mean = (rows: readonly RandomBitsRow[]): number =>
  rows.reduce((sum, {end}) => sum + end, 0) / rows.length;

/** For each form the mean end and its share of the true sum. */
export const randomBitsColumns = (rows: readonly RandomBitsMean[]): Column<RandomBitsMean>[] => [
  {name: "random bits", value: ({bits}) => bits},
  ...Object.keys(rows[0].means).map(
    (form): Column<RandomBitsMean> => ({
      name: `form ${form.toUpperCase()}`,
      value: ({means, exact}) =>
        `${Math.round(means[form]).toLocaleString("en")} (${Math.round((100 * means[form]) / exact)}%)`,
    }),
  ),
];
