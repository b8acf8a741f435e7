import {formatProperties} from "../src/formats/derived.js";
import {parseFormat} from "../src/formats/parse.js";
import {askedFormats} from "./asked-formats.js";
import type {DisagreementCase} from "./disagreement-case.js";
import type {KindName} from "./disagreement-kinds.js";
import {libraryAnswers, valueText} from "./library-answers.js";

interface Input {
  readonly kind: KindName;
  readonly value: number;
  readonly note: string;
}

/** Inputs that stand for their kind in the short table, by format and value. */
const examples = new Set([
  "e4m3fn 464",
  "e4m3fn 465",
  "e5m2 Infinity",
  "e4m3fnuz Infinity",
  "e2m1 NaN",
  "e3m2 NaN",
  "e4m3fnuz -0",
  "e4m3fn -0",
  "e4m3fn 1.0625",
  "e4m3fn 1.1875",
  `bf16 ${2 ** -130}`,
  "e4m3 300",
  `e4m3 ${2 ** -10}`,
]);

/** Casts at the edges of every format, by every library that has it. */
export function castCases(): DisagreementCase[] {
  return Object.entries(askedFormats)
    .filter(([name]) => name !== "e8m0")
    .flatMap(([name, title]) =>
      (name === "e4m3" ? nameInputs() : edgeInputs(name)).map(({kind, value, note}) => ({
        kind,
        format: title,
        input: valueText(value),
        note,
        answers: libraryAnswers(value, name),
        isExample: examples.has(`${name} ${Object.is(value, -0) ? "-0" : value}`),
        ask: {value: askedText(value), format: name},
      })),
    );
}

/** Inputs on which the readings of the bare name differ. */
function nameInputs(): Input[] {
  const note = {
    240: "the largest value of three readings",
    300: "between the largest values of the readings",
    448: "the largest value of OCP's reading",
    1000: "beyond all of them",
  };
  const beyond = Object.entries(note).map(([value, text]) => ({
    kind: "name" as const,
    value: Number(value),
    note: text,
  }));
  const small = [9, 10].map((exponent) => ({
    kind: "name" as const,
    value: 2 ** -exponent,
    note: exponent === 9 ? "the smallest value at a bias of 7" : "the smallest value at a bias of 8",
  }));
  return [...beyond, ...small];
}

/** Everything at the edges of a format that libraries may see in different ways, from the format's own properties. */
function edgeInputs(name: string): Input[] {
  const {largest, smallest, overflowThreshold, epsilon, smallestNormal} = formatProperties(parseFormat(name));
  const threshold = valueText(overflowThreshold);
  const step = largest / 448 > 1e6 ? largest / 448 : 1;
  const over =
    name === "e2m1" || name === "e3m2" || name === "e2m3"
      ? overflowThreshold * 1.25
      : overflowThreshold + step;
  return [
    {kind: "overflow", value: overflowThreshold, note: "half-way to the value that would come next"},
    {kind: "overflow", value: over, note: `past ${threshold}, which is half-way to the next value`},
    {kind: "overflow", value: -over, note: "the same with a minus"},
    {kind: "overflow", value: 4 * largest, note: "four times the largest value"},
    {kind: "infinity", value: Number.POSITIVE_INFINITY, note: ""},
    {kind: "infinity", value: Number.NEGATIVE_INFINITY, note: ""},
    {kind: "nan", value: Number.NaN, note: ""},
    {kind: "negative zero", value: -0, note: ""},
    {kind: "negative zero", value: -smallest / 8, note: "rounds to a zero with a minus"},
    ...unitTies(epsilon),
    {kind: "ties", value: smallest / 2, note: "half of the smallest value"},
    {kind: "subnormals", value: smallest, note: "the smallest value"},
    ...(smallestNormal
      ? [
          {
            kind: "subnormals" as const,
            value: smallestNormal - smallest / 4,
            note: "rounds up to the smallest normal value",
          },
          ...(smallestNormal > 8 * smallest
            ? [
                {
                  kind: "subnormals" as const,
                  value: smallestNormal / 16,
                  note: "a sixteenth of the smallest normal value",
                },
              ]
            : []),
        ]
      : []),
  ];
}

function unitTies(epsilon: number | null): Input[] {
  if (epsilon === null) return [];
  return [
    {kind: "ties", value: 1 + epsilon / 2, note: "half-way, the lower code even"},
    {kind: "ties", value: 1 + 1.5 * epsilon, note: "half-way, the upper code even"},
  ];
}

/** A number as the field for it reads it. */
export function askedText(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  return Object.is(value, -0) ? "-0" : String(value);
}
