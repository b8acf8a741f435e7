import {castView} from "./cast-view.js";
import {formatsChoices} from "./formats-choices.js";
import {numberText, roundedText} from "./number-text.js";

/** What the page shows before anything is touched. */
export function formatsTakeaway(): string {
  const {format, value, rounding, policy} = formatsChoices;
  const view = castView({
    format: format.initial,
    value: value.initial,
    rounding: rounding.initial,
    policy: policy.initial,
  });
  const error = roundedText((100 * Math.abs(view.value - view.typed)) / view.typed, 2);
  return (
    `${view.typed} is not among the numbers of E4M3, the usual 8-bit format. Its neighbours are ` +
    `${numberText(view.below!)} and ${numberText(view.above!)}; it becomes ${numberText(view.value)}, ${error}% off.`
  );
}
