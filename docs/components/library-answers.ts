import {codeBits} from "../src/formats/decode.js";
import type {Format} from "../src/formats/format.js";
import {type LibraryReading, libraryReadings} from "../src/formats/library-readings.js";
import {bitsOf} from "./code-bits.js";
import type {Answer} from "./disagreement-case.js";
import {libraries} from "./libraries.js";
import {numberText} from "./number-text.js";

/** What every library that has a format of the name makes of a number, in the order of the libraries. */
export function libraryAnswers(x: number, name: string): Answer[] {
  const readings = new Map(libraryReadings(x, name).map((reading) => [reading.preset as string, reading]));
  return Object.entries(libraries).flatMap(([preset, {title}]) => {
    const reading = readings.get(preset);
    return reading ? [answerOf(title, reading)] : [];
  });
}

function answerOf(library: string, {value, format, code, reason, reference}: LibraryReading): Answer {
  return {
    library,
    text: valueText(value),
    ...(code !== undefined && {
      code: {format, bits: codeText(format, code), isScale: format.name === "e8m0"},
    }),
    reason,
    reference,
  };
}

const codeText = (format: Format, code: number): string => bitsOf(code, codeBits(format));

/** A value as readers are shown it: with the sign of zero. */
export const valueText = (value: number): string => (Object.is(value, -0) ? "−0" : numberText(value));
