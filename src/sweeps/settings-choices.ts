import {recipeNames} from "../recipes/index.js";
import {schemeNames} from "../schemes/index.js";
import {corpusChecksums} from "../training/corpora/corpus-checksums.js";
import type {SettingsChoices} from "../training/run-settings-schema.js";

/** The schemes, recipes and corpora that settings can name on this machine. */
export const settingsChoices = (): SettingsChoices => ({
  schemes: schemeNames,
  recipes: recipeNames,
  corpusChecksum: corpusChecksums(),
});
