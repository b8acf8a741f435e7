import {chartFont} from "./chart-font.js";

export interface TextFace {
  /** In pixels; 11 if not given. */
  readonly size?: number;
  /** 400 if not given. */
  readonly weight?: number;
}

/** Pixels that a text takes in a chart. */
export type TextWidth = (text: string, face?: TextFace) => number;

/**
 * How wide texts are in the font that charts get on this computer. Labels need room by that: where Helvetica and its
 * likes are missing, the faces in their place are up to a fifth wider. Without a browser it is the width in Helvetica.
 */
export function textWidth(document: Document): TextWidth {
  const known = widths.get(document) ?? widthIn(document);
  widths.set(document, known);
  return known;
}

/** Some charts are drawn at every frame. */
const widths = new WeakMap<Document, TextWidth>();

function widthIn(document: Document): TextWidth {
  const Canvas = document.defaultView?.OffscreenCanvas;
  const context = Canvas && new Canvas(1, 1).getContext("2d");
  if (!context) return helveticaWidth;
  return (text, {size = 11, weight = 400} = {}) => {
    context.font = `${weight} ${size}px ${chartFont}`;
    return context.measureText(text).width;
  };
}

/** By four kinds of characters. */
const helveticaWidth: TextWidth = (text, {size = 11, weight = 400} = {}) => {
  const ems = Array.from(text, (character) => {
    if (/[fijlrtI .,:;'’()⁰-⁹⁻¹²³]/u.test(character)) return 0.29;
    if (/[mwMW%]/.test(character)) return 0.83;
    if (/[A-Z]/.test(character)) return 0.67;
    return 0.54;
  }).reduce((sum, width) => sum + width, 0);
  return ems * size * (weight > 500 ? 1.05 : 1);
};

/** The widest of the texts. */
export const widest = (texts: readonly string[], width: TextWidth, face?: TextFace): number =>
  Math.max(0, ...texts.map((text) => width(text, face)));

/** The first of the texts, from the fullest to the shortest, that has room; the last if none has. */
export const fitting = (texts: readonly string[], room: number, width: TextWidth, face?: TextFace): string =>
  texts.find((text) => width(text, face) <= room) ?? texts.at(-1)!;

/** The text in as few lines as have room, broken between words. */
export function wrapped(text: string, room: number, width: TextWidth, face?: TextFace): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const longer = `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && width(longer, face) <= room) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** Where the middle of a text so wide stands, as near to a wanted place as it can without leaving 0 to `room`. */
export const middleInside = (wanted: number, size: number, room: number): number =>
  Math.max(size / 2, Math.min(wanted, room - size / 2));
