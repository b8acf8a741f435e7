import {decibelText} from "./decibel-text.js";
import type {HealthMeasure, HealthRow} from "./health-row.js";
import {layerParts} from "./layer-parts.js";
import {percentage} from "./percentage.js";
import {powerLabel} from "./power-label.js";
import {tensorStyles} from "./tensor-styles.js";

/** A value of a measure as text. */
export function measureText(value: number, measure: HealthMeasure): string {
  if (Number.isNaN(value)) return "not cast";
  if (measure === "signal") return decibelText(value);
  if (measure !== "spread") return percentage(value);
  if (value === 0 || !Number.isFinite(value)) return String(value);
  return `2^${Math.log2(value).toFixed(1)}`.replace("-", "−");
}

/** The worst that a run shows of one measure, before training and at the end, in a sentence. */
export function healthClaim(rows: readonly HealthRow[], measure: HealthMeasure): string {
  const looks = Math.max(0, ...rows.map((row) => row.spread.length));
  if (looks === 0) return "Nothing was looked at.";
  if (measure === "spread") return spreadClaim(rows, looks);
  const first = worst(rows, measure, 0);
  const last = worst(rows, measure, looks - 1);
  if (!first || !last) return "This recipe casts nothing.";
  const what = {
    underflow: (text: string) => `the cast turns ${text} to zero`,
    overflow: (text: string) => `${text} lie beyond the largest value`,
    signal: (text: string) => `the cast leaves ${text} of signal over its noise`,
  }[measure];
  const of = ({row, value}: {row: HealthRow; value: number}) =>
    `${what(measureText(value, measure))} in the ${tensorStyles.find(({tensor}) => tensor === row.tensor)!.plural} of ${layerName(row.layer)}`;
  return `At worst, before training, ${of(first)}; at the end ${of(last)}.`;
}

function spreadClaim(rows: readonly HealthRow[], looks: number): string {
  const extent = (look: number) => {
    const powers = rows.map(({spread}) => Math.log2(spread[look])).filter(Number.isFinite);
    return `${powerLabel(Math.min(...powers))} to ${powerLabel(Math.max(...powers))}`;
  };
  return `Spreads reach from ${extent(0)} before training, from ${extent(looks - 1)} at the end.`;
}

function worst(rows: readonly HealthRow[], measure: Exclude<HealthMeasure, "spread">, look: number) {
  const known = rows
    .map((row) => ({row, value: row[measure][look] ?? Number.NaN}))
    .filter(({value}) => !Number.isNaN(value));
  const sign = measure === "signal" ? -1 : 1;
  return known.reduce<(typeof known)[number] | undefined>(
    (a, b) => (a && sign * a.value >= sign * b.value ? a : b),
    undefined,
  );
}

/** "qkv in block 2", "the head". */
export function layerName(layer: string): string {
  const {block, part} = layerParts(layer);
  return block ? `${part} in ${block}` : `the ${part}`;
}
