import {fit} from "../src/laws/fit.js";
import {precisionWithGradients} from "../src/laws/precision-with-gradients.js";
import {allLawRows} from "./law-rows-table.js";
import {distinctRows, tableOf} from "./our-laws.js";
import {writeJson} from "./write-output.js";

// Bits of gradients were only varied at one size: the law is fitted there, and says nothing of others. What it says of
// parameters and tokens is held, since one size cannot tell; as in our other fits, activations have 4 bits or more.
const all = distinctRows(await allLawRows()).filter(
  ({sweep, method, activationBits}) => sweep === "allocation" && method === "none" && activationBits >= 4,
);
const {parameters, tokens, corpus} = all.find(({gradientBits}) => Number.isFinite(gradientBits))!;
const rows = all.filter((row) => row.parameters === parameters && row.tokens === tokens);
const held = {alpha: 0.5, beta: 0.5, B: 1e-6, gamma_kv: 1, n_kv: 0};
const {constants, rootMeanSquare} = fit(precisionWithGradients, tableOf(rows, "loss"), {
  starts: 24,
  fixed: held,
});
writeJson({
  data: "gradients",
  corpus,
  law: precisionWithGradients.name,
  of: "loss",
  domain: {weightBits: [2, 8], activationBits: [4, 8], gradientBits: [4, 8]},
  held: {parameters, tokens},
  result: {rootMeanSquare, constants: constants.map(({name, value}) => ({name, value}))},
});
