import {catalogue} from "../src/formats/catalogue.js";
import {codeBits} from "../src/formats/decode.js";
import {formatProperties} from "../src/formats/derived.js";
import type {Format} from "../src/formats/format.js";
import {parseFormat} from "../src/formats/parse.js";
import {type Combobox, type ComboboxGroup, type ComboboxOption, combobox} from "./combobox.js";
import {roundedText} from "./number-text.js";

export interface FormatChooserOptions {
  /** Unique on the page. */
  readonly id: string;
  readonly label: string;
  /** A format's name, or one of `others`. */
  readonly value: string;
  readonly onChange: (name: string) => void;
  /** Choices besides the formats. */
  readonly others?: readonly ComboboxOption[];
  /** Which formats are offered. */
  readonly accepts?: (format: Format) => boolean;
  readonly document?: Document;
}

/** A field for a format: from the catalogue, grouped by kind, or any name that the library understands. */
export function formatChooser({
  others = [],
  accepts = () => true,
  ...options
}: FormatChooserOptions): Combobox {
  const formats = formatGroups(accepts);
  return combobox({
    ...options,
    groups: others.length > 0 ? [{title: "No format", options: others}, ...formats] : formats,
    parse: (text) => formatOption(parseFormat(text)),
  });
}

/** Groups of the catalogue, in the order of the list. */
const kinds: readonly {readonly title: string; readonly holds: (format: Format) => boolean}[] = [
  {title: "Tables of values", holds: ({kind}) => kind === "codebook"},
  {title: "Fixed point", holds: (format) => format.kind === "integer" && format.fractionBits > 0},
  {title: "Integers", holds: ({kind}) => kind === "integer"},
  {title: "Scales, unsigned", holds: (format) => format.kind === "float" && !format.signed},
  {title: "IEEE P3109, 8 bits", holds: ({name}) => name.startsWith("binary")},
  {title: "8 bits", holds: (format) => codeBits(format) === 8},
  {title: "6 bits and fewer", holds: (format) => codeBits(format) < 8},
  {title: "9 bits and more", holds: () => true},
];

const shownOrder = [
  "8 bits",
  "6 bits and fewer",
  "9 bits and more",
  "IEEE P3109, 8 bits",
  "Scales, unsigned",
  "Integers",
  "Fixed point",
  "Tables of values",
];

/** The kind of a format, as lists of formats are headed. */
export const formatKind = (format: Format): string => kinds.find(({holds}) => holds(format))!.title;

/** The catalogue by kind. */
export function formatGroups(accepts: (format: Format) => boolean = () => true): ComboboxGroup[] {
  return shownOrder
    .map((title) => ({
      title,
      options: catalogue
        .filter((format) => accepts(format) && formatKind(format) === title)
        .map(formatOption),
    }))
    .filter(({options}) => options.length > 0);
}

function formatOption(format: Format): ComboboxOption {
  const {largest} = formatProperties(format);
  return {
    value: format.name,
    detail: `${codeBits(format)} bits, to ${roundedText(largest, 4)}`,
    keywords: format.aliases,
  };
}
