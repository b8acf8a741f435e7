import type {Scheme} from "../nn/scheme.js";
import {munit} from "./munit.js";
import type {ResidualRule} from "./residual-rule.js";
import {standard} from "./standard.js";
import {unit} from "./unit.js";

/** What of a run's settings a scheme may depend on. */
export interface SchemeSettings {
  readonly scheme: string;
  /** `default` is the rule that the scheme was made with. */
  readonly residual: ResidualRule | "default";
  readonly residualWeight: number;
  readonly baseWidth: number;
}

const schemes: Record<string, (settings: SchemeSettings) => Scheme> = {
  standard: ({residual, residualWeight}) =>
    standard(residual === "default" ? "sum" : residual, residualWeight),
  unit: ({residual, residualWeight}) => unit(residual === "default" ? "fixed" : residual, residualWeight),
  munit: ({residual, ...settings}) =>
    munit({...settings, residual: residual === "default" ? "fixed" : residual}),
};

export const schemeNames: readonly string[] = Object.keys(schemes);

/** The scheme that the settings name; `settings.scheme` must be one of `schemeNames`. */
export const schemeOf = (settings: SchemeSettings): Scheme => schemes[settings.scheme](settings);
