import {presets} from "../src/formats/preset.js";
import {roundingMeanings} from "../src/formats/rounding.js";
import {blockFormats} from "../src/precision/block-format.js";
import {scalingWords} from "../src/precision/parse-scaling.js";
import {matrixUnits, plainUnits} from "../src/precision/units/matrix-units.js";
import {elementMaker} from "./element-maker.js";

/** Every rounding, policy, scaling and matrix unit by the name that the command line takes, from the library's tables. */
export function namesList({document = globalThis.document}: {document?: Document} = {}): HTMLElement {
  const make = elementMaker(document);
  const words = (names: readonly string[]) =>
    names.flatMap((name, i) => (i === 0 ? [make("code", {}, name)] : [", ", make("code", {}, name)]));
  const section = (title: string, option: string, ...content: (Node | string)[]) =>
    make("section", {}, make("h3", {}, title, " ", make("code", {}, option)), ...content);
  const line = (name: string, ...text: (Node | string)[]) =>
    make("div", {}, make("dt", {}, make("code", {}, name)), make("dd", {}, ...text));
  return make(
    "div",
    {class: "names-list"},
    section(
      "Rounding",
      "--rounding",
      make(
        "dl",
        {},
        ...Object.entries(roundingMeanings).map(([name, meaning]) => line(name, sentence(meaning))),
      ),
    ),
    section(
      "Block format",
      "--to",
      make("p", {}, "Besides the formats of single numbers, those that come with scales:"),
      make(
        "dl",
        {},
        ...blockFormats.map(({name, element, scaling, source}) =>
          line(
            name,
            `${element} scaled by ${scaling}. `,
            make("span", {class: "name-source"}, `From ${source}.`),
          ),
        ),
      ),
    ),
    section(
      "Policy",
      "--policy",
      make(
        "dl",
        {},
        ...Object.entries(presets).map(([name, {summary, source}]) =>
          line(name, `${summary}. `, make("span", {class: "name-source"}, `From ${source}.`)),
        ),
      ),
    ),
    section(
      "Scale",
      "--scale",
      make("p", {}, "A number, or what the blocks are: ", ...words(scalingWords.bases), "."),
      make(
        "p",
        {},
        "After commas the format of the scale: ",
        ...words(scalingWords.scaleFormats),
        "; the rule: ",
        ...words(scalingWords.rules),
        "; and variants: ",
        ...words(scalingWords.variants),
        ".",
      ),
    ),
    section(
      "Matrix unit",
      "--unit",
      make(
        "dl",
        {},
        ...Object.entries(plainUnits).map(([name, summary]) => line(name, sentence(summary))),
        ...matrixUnits.map(({name, gpus, instruction}) => line(name, `${gpus.join(", ")}: ${instruction}`)),
      ),
    ),
  );
}

const sentence = (text: string): string => `${text[0].toUpperCase()}${text.slice(1)}.`;
