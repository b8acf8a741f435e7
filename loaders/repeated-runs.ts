import {existsSync} from "node:fs";
import {engineId} from "../src/kernels/generated.js";
import {plan} from "../src/sweeps/plan.js";
import {presetNames, readPreset} from "../src/sweeps/preset.js";
import {readPublished} from "../src/sweeps/published.js";
import {publishedNames, publishedSweepFile, readPublishedSweep} from "../src/sweeps/published-sweep.js";
import {settingsChoices} from "../src/sweeps/settings-choices.js";
import {canonicalJson} from "../src/training/canonical-json.js";
import type {RunRecord} from "../src/training/run-record.js";

/** The published sweeps with a quick size, whose runs the site computes anew and compares with what is published. */
export function repeatedSweeps(): string[] {
  const settings = presetNames();
  return publishedNames().filter((name) => settings.includes(name) && readPreset(name).quick.length > 0);
}

/**
 * What the page `reproduce` says of the published sweeps: what each cost and where, and how many runs of its quick size
 * gave the published weights.
 *
 * @param records runs that were computed here
 */
export function repeatedRuns(records: readonly RunRecord[]) {
  const repeated = repeatedSweeps();
  return {
    engine: engineId,
    sweeps: publishedNames()
      .filter((name) => existsSync(publishedSweepFile(name)))
      .map((name) => ({
        ...readPublishedSweep(name),
        repeated: repeated.includes(name) ? compareWithPublished(name, records) : null,
      })),
  };
}

function compareWithPublished(name: string, records: readonly RunRecord[]) {
  const choices = settingsChoices();
  const published = readPublished([name], choices);
  const here = new Map(records.map((record) => [canonicalJson(record.settings), record]));
  const pairs = plan(readPreset(name), [], choices, {size: "quick"}).flatMap((settings) => {
    const [record, before] = [here.get(canonicalJson(settings)), published(settings)];
    return record && before ? [{record, before}] : [];
  });
  const differing = pairs.filter(({record, before}) => record.weightHash !== before.weightHash);
  return {
    runs: pairs.length,
    equal: pairs.length - differing.length,
    differing: differing.map(({before}) => before.id),
    /** Time on one core, there and here. */
    seconds: {
      published: sumSeconds(pairs.map(({before}) => before)),
      here: sumSeconds(pairs.map(({record}) => record)),
    },
  };
}

const sumSeconds = (records: readonly RunRecord[]): number =>
  Math.round(10 * records.reduce((sum, {timing}) => sum + timing.seconds, 0)) / 10;
