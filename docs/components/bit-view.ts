import {elementMaker} from "./element-maker.js";
import {type BitPaint, paintBits} from "./paint-bits.js";

/** What a group of neighbouring bits means: a colour of the palette, or none for codes that are looked up. */
export type BitMeaning = "sign" | "exponent" | "mantissa" | "scale" | "code";

/** Neighbouring bits of one meaning. */
export interface BitField {
  readonly meaning: BitMeaning;
  /** Stands below the bits. */
  readonly label: string;
  readonly bits: number;
  /** What each bit counts for, above it, from the top one down. */
  readonly weights?: readonly string[];
  /** Stands after the bits, such as a handle that moves their end. */
  readonly after?: Node;
}

/** The bits of one code. */
export interface BitState {
  readonly fields: readonly BitField[];
  /** A 0 or a 1 for each bit of all fields, from the top bit down. */
  readonly bits: string;
}

export interface BitViewOptions {
  /** What the bits are the bits of, for assistive technology. */
  readonly label: string;
  /** Called with all bits after some were changed; without it the bits are only shown. */
  readonly onChange?: (bits: string) => void;
  readonly document?: Document;
}

export interface BitView {
  readonly element: HTMLElement;
  readonly update: (state: BitState) => void;
}

/**
 * The bits of a code, one cell each, gathered and coloured by field. A press toggles a bit, a drag gives the bits that it
 * crosses the value of the first one; among the bits the arrow keys move, and space toggles.
 */
export function bitView(
  initial: BitState,
  {label, onChange, document = globalThis.document}: BitViewOptions,
): BitView {
  const make = elementMaker(document);
  const element = onChange
    ? make("div", {class: "bit-view", role: "toolbar", "aria-label": label})
    : make("div", {class: "bit-view", role: "img"});
  let state = initial;
  let cells: HTMLElement[] = [];
  let focused = 0;

  const set = (bits: string) => {
    if (bits !== state.bits) onChange?.(bits);
  };
  const paint: BitPaint = {
    bits: () => state.bits,
    cellAt: (x, y) =>
      cells.indexOf(document.elementFromPoint(x, y)?.closest<HTMLElement>(".bit") as HTMLElement),
    set,
  };

  const makeCell = () => {
    if (!onChange) return make("span", {class: "bit"});
    const cell = make("button", {type: "button", class: "bit", tabindex: -1});
    cell.addEventListener("focus", () => {
      focused = cells.indexOf(cell);
      showFocusable();
    });
    return cell;
  };
  const showFocusable = () => {
    for (const [i, cell] of cells.entries()) cell.tabIndex = i === focused ? 0 : -1;
  };

  const update = (next: BitState) => {
    state = next;
    fillFields(element, state.fields, {make, makeCell});
    cells = [...element.querySelectorAll<HTMLElement>(".bit")];
    for (const [i, cell] of cells.entries()) {
      const bit = state.bits[i];
      cell.dataset.bit = bit;
      if (onChange) cell.setAttribute("aria-pressed", String(bit === "1"));
    }
    if (onChange) {
      focused = Math.min(focused, cells.length - 1);
      showFocusable();
    } else element.setAttribute("aria-label", `${label}: ${spoken(state)}`);
  };

  if (onChange) {
    paintBits(element, paint);
    element.addEventListener("keydown", (event) => {
      const from = cells.indexOf(event.target as HTMLElement);
      const to = from < 0 ? undefined : neighbour(event.key, from, cells.length);
      if (to === undefined) return;
      event.preventDefault();
      cells[to].focus();
    });
  }
  update(initial);
  return {element, update};
}

/** Makes the fields equal to what is wanted, keeping the elements that can stay: focus and drags survive. */
function fillFields(
  element: HTMLElement,
  fields: readonly BitField[],
  {make, makeCell}: {make: ReturnType<typeof elementMaker>; makeCell: () => HTMLElement},
): void {
  while (element.children.length > fields.length) element.lastElementChild!.remove();
  for (const [i, {meaning, label, bits, weights, after}] of fields.entries()) {
    if (i === element.children.length) {
      element.append(make("div", {}, make("div", {class: "bit-cells"}), make("span", {class: "bit-label"})));
    }
    const field = element.children[i] as HTMLElement;
    const [row, caption] = field.children as unknown as [HTMLElement, HTMLElement];
    field.className = `bit-field bit-${meaning}`;
    field.hidden = bits === 0 && !after;
    caption.textContent = label;
    while (row.children.length > bits) row.lastElementChild!.remove();
    while (row.children.length < bits) {
      row.append(makeCell());
    }
    for (const [j, cell] of [...row.children].entries()) {
      // Both texts of a cell are drawn by the style sheet: its name says them in words.
      (cell as HTMLElement).dataset.weight = weights?.[j] ?? "";
      if (cell.tagName === "BUTTON") cell.setAttribute("aria-label", cellName(label, j, bits, weights?.[j]));
    }
    const present = caption.nextSibling;
    if (present !== (after ?? null)) {
      present?.remove();
      if (after) field.append(after);
    }
  }
}

function cellName(label: string, index: number, bits: number, weight: string | undefined): string {
  const name = bits === 1 ? label : `${label} bit ${index + 1} of ${bits}`;
  return weight ? `${name}, ${weight}` : name;
}

function spoken({fields, bits}: BitState): string {
  let start = 0;
  const parts = fields.map((field) => {
    const part = `${field.label} ${bits.slice(start, start + field.bits)}`;
    start += field.bits;
    return part;
  });
  return parts.join(", ");
}

function neighbour(key: string, from: number, count: number): number | undefined {
  if (key === "ArrowLeft") return Math.max(from - 1, 0);
  if (key === "ArrowRight") return Math.min(from + 1, count - 1);
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  return undefined;
}
