/** A symbol such as "P_w" or "γ_D/2" in pieces: what stands on the line, and what below it. */
export function symbolPieces(symbol: string): {readonly text: string; readonly isLow: boolean}[] {
  return symbol
    .split(/(_\p{L}+)/u)
    .filter((piece) => piece !== "")
    .map((piece) =>
      piece.startsWith("_") ? {text: piece.slice(1), isLow: true} : {text: piece, isLow: false},
    );
}

/** The symbol for prose: with subscripts as elements. */
export function symbolElement(
  symbol: string,
  {document = globalThis.document}: {document?: Document} = {},
): HTMLElement {
  const element = document.createElement("var");
  for (const {text, isLow} of symbolPieces(symbol)) {
    if (!isLow) {
      element.append(text);
      continue;
    }
    const low = document.createElement("sub");
    low.textContent = text;
    element.append(low);
  }
  return element;
}
