import {decode} from "../src/formats/decode.js";
import type {Format} from "../src/formats/format.js";
import {typedValue} from "./typed-value.js";

/** The number that a text means, where a code is one of the format. @throws a usage error that says what can be typed */
export function typedNumber(text: string, format: Format): number {
  const typed = typedValue(text);
  return typed.kind === "number" ? typed.value : decode(format, Number(typed.code));
}

/** Whether a text is a number or a code, of whatever format. */
export function isTypedValue(text: string): boolean {
  try {
    typedValue(text);
    return true;
  } catch {
    return false;
  }
}
