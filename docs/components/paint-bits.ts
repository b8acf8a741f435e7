export interface BitPaint {
  readonly bits: () => string;
  /** Index of the cell at a point of the viewport, or −1. */
  readonly cellAt: (x: number, y: number) => number;
  readonly set: (bits: string) => void;
}

/**
 * Toggling and painting bits inside `element`: the first cell of a stroke is toggled, those that it crosses take the same
 * value. A touch that turns out to scroll the page is undone.
 */
export function paintBits(element: HTMLElement, {bits, cellAt, set}: BitPaint): void {
  /** The stroke under way: what it paints, and the bits before it. */
  let stroke: {readonly bit: string; readonly before: string} | undefined;
  /** The cell that a stroke began on, as long as a click on it would come from that stroke. */
  let pressed = -1;

  const paint = (index: number, bit: string) => set(bits().slice(0, index) + bit + bits().slice(index + 1));
  const toggle = (index: number) => paint(index, bits()[index] === "1" ? "0" : "1");
  const indexOf = (event: Event): number => {
    const cell = (event.target as Element).closest(".bit");
    return cell ? [...element.querySelectorAll(".bit")].indexOf(cell) : -1;
  };

  element.addEventListener("pointerdown", (event) => {
    const index = indexOf(event);
    if (index < 0 || event.button !== 0) return;
    stroke = {bit: bits()[index] === "1" ? "0" : "1", before: bits()};
    pressed = index;
    paint(index, stroke.bit);
  });
  element.addEventListener("pointermove", (event) => {
    if (!stroke) return;
    const index = cellAt(event.clientX, event.clientY);
    if (index >= 0) paint(index, stroke.bit);
  });
  element.addEventListener("pointercancel", () => {
    if (stroke) set(stroke.before);
    stroke = undefined;
    pressed = -1;
  });
  element.ownerDocument.addEventListener("pointerup", ({clientX, clientY}) => {
    if (stroke && cellAt(clientX, clientY) !== pressed) pressed = -1;
    stroke = undefined;
  });
  // The keyboard and assistive technology click without a stroke before.
  element.addEventListener("click", (event) => {
    const index = indexOf(event);
    if (index >= 0 && index !== pressed) toggle(index);
    pressed = -1;
  });
}
