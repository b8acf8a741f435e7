import type {Law} from "./law.js";
import {variables} from "./variables.js";

/**
 * A law of what rounding adds: 1 + L(point) - L(the same point, not rounded). Fitted to a column `loss` of 1 + loss - that
 * of the same run without casts, its residuals are those of paired differences in nats, in which what two runs of one seed
 * have in common cancels; the 1 keeps them away from zero, where a logarithm ends.
 *
 * @param cancelled constants that both losses contain alike, such as E, which drop out of the difference
 */
export function riseLaw(law: Law, cancelled: readonly string[]): Law {
  const places = law.constants.flatMap(({name}, i) => (cancelled.includes(name) ? [] : [i]));
  const all = Float64Array.from(law.constants, ({starts}) => starts[0]);
  const plain = new Float64Array(law.variables.length);
  const [above, below] = [new Float64Array(all.length), new Float64Array(all.length)];
  return {
    ...law,
    name: `rise-${law.name}`,
    title: `${law.title}: what rounding adds`,
    formula: `1 + rise, rise = L - L without rounding, ${law.formula}`,
    own: true,
    // The difference has no base to be projected on.
    constants: places.map((place) => ({...law.constants[place], linear: false})),
    tied: undefined,
    published: [],
    terms: undefined,
    derived: [],
    evaluate(constants, inputs, gradient) {
      for (let j = 0; j < places.length; j++) all[places[j]] = constants[j];
      for (let k = 0; k < plain.length; k++) plain[k] = variables[law.variables[k]].without ?? inputs[k];
      const rise = law.evaluate(all, inputs, gradient && above) - law.evaluate(all, plain, gradient && below);
      if (gradient) {
        for (let j = 0; j < places.length; j++) gradient[j] = above[places[j]] - below[places[j]];
      }
      return 1 + rise;
    },
  };
}
