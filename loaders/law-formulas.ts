import katex from "katex";
import {allLaws} from "../src/laws/index.js";

/** The formula of every law as MathML, by the law's name: pages show it without a script that knows TeX. */
export const lawFormulas = (): Readonly<Record<string, string>> =>
  Object.fromEntries(
    allLaws.map(({name, tex}) => [
      name,
      katex.renderToString(tex, {output: "mathml", displayMode: true, throwOnError: true}),
    ]),
  );
