import type {Scheme} from "../nn/scheme.js";
import type {Constraint} from "./constraint.js";
import {munit} from "./munit.js";
import {mup} from "./mup.js";
import {optimizerKinds} from "./optimizer-kind.js";
import type {ResidualRule} from "./residual-rule.js";
import {standard} from "./standard.js";
import {unit} from "./unit.js";
import {type UnitMupOptions, unitMup} from "./unit-mup.js";

/** What of a run's settings a scheme may depend on. */
export interface SchemeSettings extends Omit<UnitMupOptions, "constraint" | "residual"> {
  readonly scheme: string;
  /** `default` is the rule that the scheme was made with. */
  readonly residual: ResidualRule | "default";
  /** τ of the residual rule `fixed`. */
  readonly residualWeight: number;
  readonly baseWidth: number;
  readonly initialSpread: number;
  /** `default` is the constraint that the scheme was made with. */
  readonly constraint: Constraint | "default";
  readonly optimizer: keyof typeof optimizerKinds;
}

const schemes: Record<string, (settings: SchemeSettings) => Scheme> = {
  standard: (settings) => standard({...settings, residual: or("sum", settings.residual)}),
  mup: (settings) =>
    mup({...settings, residual: or("sum", settings.residual), optimizer: optimizerKinds[settings.optimizer]}),
  unit: (settings) =>
    unit({
      residual: or("fixed", settings.residual),
      residualWeight: settings.residualWeight,
      constraint: or("geometric-mean", settings.constraint),
    }),
  "unit-mup": (settings) => unitMup({...settings, constraint: or("to-output", settings.constraint)}),
  munit: (settings) =>
    munit({
      ...settings,
      residual: or("fixed", settings.residual),
      optimizer: optimizerKinds[settings.optimizer],
    }),
};

const or = <T extends string>(own: T, chosen: T | "default"): T => (chosen === "default" ? own : chosen);

export const schemeNames: readonly string[] = Object.keys(schemes);

/** The scheme that the settings name; `settings.scheme` must be one of `schemeNames`. */
export const schemeOf = (settings: SchemeSettings): Scheme => schemes[settings.scheme](settings);
