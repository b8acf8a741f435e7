import {usageError} from "../errors.js";
import type {FitResult} from "./fit-result.js";
import {lawOf} from "./index.js";
import {constantsOf, type Law} from "./law.js";
import type {PlanLaw} from "./plan.js";
import {type VariableName, variableNames} from "./variables.js";

/** Published constants that answer questions about bits, and one law without bits to compare with. */
const published: readonly {readonly law: string; readonly constants: string; readonly title: string}[] = [
  {law: "precision", constants: "Kumar", title: "Kumar 2024, integers"},
  {law: "precision-without-offsets", constants: "Kumar", title: "Kumar 2024, as printed"},
  {law: "floating-point", constants: "Sun", title: "Sun 2025, floating point"},
  {law: "post-training", constants: "Kumar", title: "Kumar 2024, after training"},
  {law: "chinchilla", constants: "replication", title: "Chinchilla, no bits"},
];

/** Names of the laws that `publishedPlanLaws` knows. */
export const planLawNames: readonly string[] = published.map(({law}) => law);

/** The laws with published constants that plans are made by. */
export const publishedPlanLaws = (): PlanLaw[] =>
  published.map(({law, constants, title}) => publishedLaw(lawOf(law), constants, title));

function publishedLaw(law: Law, name: string, title: string): PlanLaw {
  const {values, domain, standardErrors} = law.published.find((constants) => constants.name === name)!;
  return {
    law,
    title,
    constants: values,
    origin: "published",
    domain,
    hasStandardErrors: standardErrors !== undefined,
  };
}

/** A fit with the ranges of the runs that it was made from. */
export type PlanFit = Pick<FitResult, "law" | "constants" | "bootstrap"> & {
  readonly domain: PlanLaw["domain"];
};

/** A law with constants that were fitted here. */
export const fittedPlanLaw = (
  {law: name, constants, bootstrap, domain}: PlanFit,
  title: string,
): PlanLaw => ({
  law: lawOf(name),
  title,
  constants: Object.fromEntries(constants.map(({name, value}) => [name, value])),
  origin: "own",
  domain,
  ...(bootstrap && {replicates: bootstrap.constants, confidence: bootstrap.confidence}),
});

/**
 * What `bitscape fit` wrote, as a law to plan by.
 * @throws a usage error where the text is something else
 */
export function readPlanLaw(text: string, title: string): PlanLaw {
  const {law, constants, bootstrap, table} = recordIn(text);
  if (typeof law !== "string" || !Array.isArray(constants)) throw notAFit("law and constants are missing");
  const isEstimate = (item: unknown) =>
    isRecord(item) && typeof item.name === "string" && typeof item.value === "number";
  if (!constants.every(isEstimate)) throw notAFit("a constant has no name or value");
  const fit = {law, constants, bootstrap: bootstrapIn(bootstrap), domain: domainIn(table)} as PlanFit;
  const planLaw = fittedPlanLaw(fit, title);
  const count = constantsOf(planLaw.law, planLaw.constants).length;
  if (!(planLaw.replicates ?? []).every((replicate) => replicate.length === count)) {
    throw notAFit(`samples of the bootstrap do not have ${count} constants`);
  }
  return planLaw;
}

function recordIn(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (isRecord(value)) return value;
  } catch {
    throw notAFit("it is no JSON");
  }
  throw notAFit("it is no object");
}

function bootstrapIn(value: unknown): {constants: number[][]; confidence: number} | null {
  if (!isRecord(value)) return null;
  const {constants, confidence} = value;
  const isNumbers = (item: unknown) =>
    Array.isArray(item) && item.every((number) => typeof number === "number");
  if (!Array.isArray(constants) || !constants.every(isNumbers))
    throw notAFit("the samples of the bootstrap are no numbers");
  return {constants, confidence: typeof confidence === "number" ? confidence : 0.95};
}

function domainIn(table: unknown): PlanLaw["domain"] {
  const domain = isRecord(table) && isRecord(table.domain) ? table.domain : {};
  const ranges = Object.entries(domain).filter(
    ([name, range]) =>
      variableNames.includes(name as VariableName) &&
      Array.isArray(range) &&
      range.length === 2 &&
      range.every((end) => typeof end === "number"),
  );
  return Object.fromEntries(ranges) as PlanLaw["domain"];
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const notAFit = (problem: string) => usageError(`this is not what "bitscape fit --json" writes: ${problem}`);
