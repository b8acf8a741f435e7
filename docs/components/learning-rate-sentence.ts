import type {RunSummary} from "./run-summary.js";
import {schemeTitle} from "./scheme-title.js";

/** The peak learning rate of each scheme's runs, in words. */
export function learningRateSentence(runs: readonly Pick<RunSummary, "settings">[]): string {
  const schemes = [...new Set(runs.map(({settings}) => settings.scheme))];
  const parts = schemes.map((scheme) => {
    const ofScheme = runs.filter(({settings}) => settings.scheme === scheme);
    const rates = [...new Set(ofScheme.map(({settings}) => settings.learningRate))];
    return `${rates.join(" and ")} (${schemeTitle(scheme).toLowerCase()})`;
  });
  return `The learning rate peaks at ${parts.join(" and ")}.`;
}
