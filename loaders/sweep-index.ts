import {existsSync, readFileSync} from "node:fs";
import {join} from "node:path";
import {engineId} from "../src/kernels/generated.js";
import {differingKeys} from "../src/sweeps/differing-keys.js";
import {plan} from "../src/sweeps/plan.js";
import {readPreset} from "../src/sweeps/preset.js";
import {publishedNames, publishedSweepFile, readPublishedSweep} from "../src/sweeps/published-sweep.js";
import {settingsChoices} from "../src/sweeps/settings-choices.js";
import {canonicalJson} from "../src/training/canonical-json.js";
import {readDeclarations} from "../src/training/corpora/declarations.js";
import {packageFolder} from "../src/training/folders.js";
import type {RunRecord} from "../src/training/run-record.js";
import type {RunSettings} from "../src/training/run-settings.js";
import {type SettingsParser, settingsParser} from "../src/training/run-settings-schema.js";
import {sweepFindings} from "./sweep-findings.js";
import {publishedSweep} from "./sweep-records.js";

/** What the page on sweeps knows of every published sweep before it reads one, and of the texts that a browser makes. */
export async function sweepIndex() {
  const choices = settingsChoices();
  const parse = settingsParser(choices);
  const generated = [...readDeclarations()].filter(([, {kind}]) => kind === "markov");
  const sweeps = [];
  for (const name of publishedNames()) {
    const planned = plan(readPreset(name), [], choices);
    sweeps.push(sweepInfo(name, await publishedSweep(name, parse), {planned, parse}));
  }
  return {engine: engineId, corpora: Object.fromEntries(generated), sweeps};
}

/** What is said of one sweep; `planned` are the runs that its settings file means today. */
export function sweepInfo(
  name: string,
  records: readonly RunRecord[],
  {planned, parse}: {planned: readonly RunSettings[]; parse: SettingsParser},
) {
  const runs = records.map(({settings}) => settings);
  const differing = differingKeys(runs);
  const shared = Object.entries(runs[0]).filter(([key]) => !differing.includes(key as keyof RunSettings));
  const published = new Set(runs.map((settings) => canonicalJson(settings)));
  return {
    name,
    findings: sweepFindings(name, records),
    comment: headingComment(join(packageFolder, `data/settings/${name}.yaml`)),
    runs: records.length,
    planned: planned.length,
    missing: planned.filter((settings) => !published.has(canonicalJson(settings))).length,
    // Published by hand, a sweep may come without it.
    failed: existsSync(publishedSweepFile(name)) ? readPublishedSweep(name).failed : 0,
    engines: [...new Set(records.map(({engine}) => engine))],
    seconds: records.reduce((sum, {timing}) => sum + timing.seconds, 0),
    parameters: extent(records.map(({parameters}) => parameters)),
    tokens: extent(runs.map(({steps, batch, context}) => steps * batch * context)),
    differing,
    given: givenKeys(runs, parse),
    shared: Object.fromEntries(shared),
  };
}

/** The settings that a file has to name, so that every run can be repeated from it: those that are not the default. */
function givenKeys(runs: readonly RunSettings[], parse: SettingsParser): (keyof RunSettings)[] {
  const keys = Object.keys(runs[0]) as (keyof RunSettings)[];
  const defaults = new Map<string, RunSettings>();
  const defaultsOf = ({steps, corpus}: RunSettings) => {
    const name = `${steps} ${corpus}`;
    if (!defaults.has(name)) defaults.set(name, parse({steps, corpus}));
    return defaults.get(name)!;
  };
  const isGiven = (key: keyof RunSettings) =>
    key === "steps" || key === "corpus" || runs.some((run) => run[key] !== defaultsOf(run)[key]);
  return keys.filter(isGiven);
}

/** The comment at the head of a settings file, without the line that is for editors. */
export function headingComment(file: string): string {
  if (!existsSync(file)) return "";
  const lines = readFileSync(file, "utf8").split("\n");
  const end = lines.findIndex((line) => !line.startsWith("#"));
  return lines
    .slice(0, end < 0 ? undefined : end)
    .filter((line) => !/^#\s*yaml-language-server/.test(line))
    .map((line) => line.replace(/^#\s?/, ""))
    .join("\n")
    .trim();
}

const extent = (values: readonly number[]): [number, number] => [Math.min(...values), Math.max(...values)];
