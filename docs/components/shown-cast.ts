import {type CastChoices, type CastView, castView} from "./cast-view.js";

/** What the page shows for its state: an address may ask for a code that its format lacks, which is said, and 0 shown. */
export function shownCast(choices: CastChoices): {view: CastView; error?: string} {
  try {
    return {view: castView(choices)};
  } catch (error) {
    return {view: castView({...choices, value: "0x0"}), error: (error as Error).message};
  }
}
