import {elementMaker} from "./element-maker.js";

export interface DragHandleOptions {
  readonly label: string;
  readonly value: () => number;
  readonly minimum: () => number;
  readonly maximum: () => number;
  /** What the value means, for assistive technology. */
  readonly text: () => string;
  /** Pixels from one value to the next. */
  readonly pitch: () => number;
  readonly onChange: (value: number) => void;
  readonly document?: Document;
}

export interface DragHandle {
  readonly element: HTMLElement;
  /** Tells assistive technology the present value. */
  readonly update: () => void;
}

const endings = ["pointerup", "pointercancel"] as const;

/** A handle that is dragged sideways, or moved with the arrow keys, through integers. */
export function dragHandle({
  label,
  value,
  minimum,
  maximum,
  text,
  pitch,
  onChange,
  document = globalThis.document,
}: DragHandleOptions): DragHandle {
  const element = elementMaker(document)("div", {
    class: "drag-handle",
    role: "slider",
    tabindex: 0,
    "aria-label": label,
    "aria-orientation": "horizontal",
  });
  const set = (wanted: number) => {
    const next = Math.min(Math.max(wanted, minimum()), maximum());
    if (next !== value()) onChange(next);
  };
  const update = () => {
    element.setAttribute("aria-valuemin", String(minimum()));
    element.setAttribute("aria-valuemax", String(maximum()));
    element.setAttribute("aria-valuenow", String(value()));
    element.setAttribute("aria-valuetext", text());
  };

  element.addEventListener("pointerdown", (down) => {
    if (down.button !== 0) return;
    down.preventDefault();
    element.focus();
    const start = value();
    const move = ({clientX}: PointerEvent) => set(start + Math.round((clientX - down.clientX) / pitch()));
    const end = () => {
      document.removeEventListener("pointermove", move);
      for (const type of endings) document.removeEventListener(type, end);
    };
    // On the document, so that the drag goes on when the handle moves away below the pointer.
    document.addEventListener("pointermove", move);
    for (const type of endings) document.addEventListener(type, end);
  });
  element.addEventListener("keydown", (event) => {
    const {key} = event;
    if (key === "ArrowRight" || key === "ArrowUp") set(value() + 1);
    else if (key === "ArrowLeft" || key === "ArrowDown") set(value() - 1);
    else if (key === "Home") set(minimum());
    else if (key === "End") set(maximum());
    else return;
    event.preventDefault();
  });
  update();
  return {element, update};
}
