import type {Scheme} from "../nn/scheme.js";
import {standard} from "./standard.js";
import {unit} from "./unit.js";

/** What of a run's settings a scheme may depend on. */
export interface SchemeSettings {
  readonly scheme: string;
  readonly residualWeight: number;
}

const schemes: Record<string, (settings: SchemeSettings) => Scheme> = {
  standard: () => standard,
  unit: ({residualWeight}) => unit(residualWeight),
};

export const schemeNames: readonly string[] = Object.keys(schemes);

/** The scheme that the settings name; `settings.scheme` must be one of `schemeNames`. */
export const schemeOf = (settings: SchemeSettings): Scheme => schemes[settings.scheme](settings);
