import {allLaws, lawOf} from "../laws/index.js";
import type {Constant, Law, PublishedConstants} from "../laws/law.js";
import {countText} from "../laws/quantity.js";
import type {Source} from "../laws/source.js";
import {type VariableName, variables} from "../laws/variables.js";
import {numberText} from "./describe-fit.js";
import {alignColumns} from "./text.js";

/** Prints the list of laws, or one of them. */
export function showLaws(name: string | undefined, {json}: {json?: true}): void {
  const text = json
    ? JSON.stringify(asJson(name), null, 2)
    : name === undefined
      ? listing()
      : describe(lawOf(name));
  process.stdout.write(`${text}\n`);
}

const asJson = (name: string | undefined) => (name === undefined ? allLaws.map(record) : record(lawOf(name)));

/** Without functions; bounds are numbers, all of them finite. */
const record = ({evaluate: _evaluate, terms: _terms, derived, ...law}: Law) => ({
  ...law,
  derived: derived.map(({of: _of, ...rest}) => rest),
});

const listing = (): string =>
  alignColumns([
    ["name", "in", "published", "formula"],
    ...allLaws.map(({name, variables: names, published, formula}) => [
      name,
      names.map((variable) => variables[variable].symbol).join(" "),
      published.map(({name}) => name).join(", ") || "-",
      formula,
    ]),
  ]);

function describe(law: Law): string {
  const facts = [
    ["name", law.name],
    ["title", law.title],
    ["formula", law.formula],
    ["source", sourceText(law.source)],
    ["variables", law.variables.map((name) => `${name} (${variables[name].symbol})`).join(", ")],
    ...(law.tied ?? []).map((names) => ["held equal", names.join(" = ")]),
    ...law.derived.map(({symbol, meaning}) => ["follows", `${symbol}: ${meaning}`]),
  ];
  const parts = [alignColumns(facts), constantTable(law.constants, law.published)];
  return [...parts, ...law.published.map(describePublished)].join("\n\n");
}

const constantTable = (constants: readonly Constant[], published: readonly PublishedConstants[]): string =>
  alignColumns(
    [
      ["constant", "", "bounds", ...published.map(({name}) => name), "meaning"],
      ...constants.map(({name, symbol, lower, upper, meaning}) => [
        name,
        symbol === name ? "" : symbol,
        `${numberText(lower)} to ${numberText(upper)}`,
        ...published.map((source) => valueText(source, name)),
        meaning,
      ]),
    ],
    {right: published.map((_, i) => i + 3)},
  );

function valueText({values, standardErrors}: PublishedConstants, name: string): string {
  if (!Object.hasOwn(values, name)) return "not published";
  const error = standardErrors?.[name];
  return `${values[name]}${error === undefined ? "" : ` ± ${error}`}`;
}

function describePublished({name, source, domain, note}: PublishedConstants): string {
  const ranges = Object.entries(domain).map(
    ([variable, [from, to]]) =>
      `${variables[variable as VariableName].symbol} ${countText(from)} to ${countText(to)}`,
  );
  return [`${name}: ${sourceText(source)}`, `fitted on ${ranges.join(", ")}`, note]
    .filter(Boolean)
    .join("\n");
}

const sourceText = ({authors, year, title, arxiv, where}: Source): string =>
  [`${authors} ${year}, ${title}`, arxiv ? `arXiv ${arxiv}` : "", where].filter(Boolean).join(", ");
