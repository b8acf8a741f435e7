import {elementMaker} from "./element-maker.js";

export interface ComboboxOption {
  /** What is chosen, and what the field shows then. */
  readonly value: string;
  /** Stands beside the value in the list. */
  readonly detail: string;
  /** Other words under which it is found. */
  readonly keywords?: readonly string[];
}

export interface ComboboxGroup {
  readonly title: string;
  readonly options: readonly ComboboxOption[];
}

export interface ComboboxOptions {
  /** Unique on the page. */
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly groups: readonly ComboboxGroup[];
  readonly onChange: (value: string) => void;
  /** What a text means that is not in the list; throws an error whose message is shown when it means nothing. */
  readonly parse?: (text: string) => ComboboxOption;
  readonly document?: Document;
}

export interface Combobox {
  readonly element: HTMLElement;
  /** Shows another value. */
  readonly update: (value: string) => void;
}

/**
 * A text field with a list of suggestions in groups, after the combobox pattern of ARIA: typing searches, the up and down
 * keys walk, Enter chooses, Escape gives up. What is typed may also be a value that no list holds.
 */
export function combobox({
  id,
  label,
  value,
  groups,
  onChange,
  parse,
  document = globalThis.document,
}: ComboboxOptions): Combobox {
  const make = elementMaker(document);
  const input = make("input", {
    id,
    type: "text",
    role: "combobox",
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": `${id}-list`,
    "aria-describedby": `${id}-error`,
  });
  const list = make("div", {id: `${id}-list`, class: "combobox-list", role: "listbox", "aria-label": label});
  const error = make("p", {id: `${id}-error`, class: "field-error", role: "status"});
  const toggle = make("button", {type: "button", tabindex: -1, "aria-label": `All of: ${label}`}, "▾");
  const element = make(
    "div",
    {class: "combobox"},
    make("label", {for: id}, label),
    make("div", {class: "combobox-field"}, input, toggle, list),
    error,
  );
  list.hidden = true;

  let chosen = value;
  let shown: HTMLElement[] = [];
  let active = -1;

  const show = (text: string) => {
    const found = search(groups, text);
    const parsed = parse && text ? parsedOption(text, parse) : undefined;
    const isListed = found.some(({options}) =>
      options.some((option) => option.value === parsed?.option?.value),
    );
    const typed = parsed?.option && !isListed ? [{title: "As typed", options: [parsed.option]}] : [];
    shown = [];
    list.replaceChildren(
      ...[...typed, ...found].map(({title, options}, i) => {
        const heading = make("div", {class: "combobox-group", id: `${id}-group-${i}`}, title);
        const items = options.map((option) => {
          const item = make(
            "div",
            {
              id: `${id}-option-${shown.length}`,
              class: "combobox-option",
              role: "option",
              "aria-selected": String(option.value === chosen),
              "data-value": option.value,
            },
            make("span", {}, option.value),
            " ",
            make("small", {}, option.detail),
          );
          shown.push(item);
          return item;
        });
        return make("div", {role: "group", "aria-labelledby": `${id}-group-${i}`}, heading, ...items);
      }),
    );
    list.hidden = shown.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
    setError(shown.length === 0 ? (parsed?.message ?? `nothing is called “${text}”`) : "");
    activate(text ? 0 : shown.findIndex((item) => item.dataset.value === chosen));
  };
  const activate = (index: number) => {
    shown[active]?.classList.remove("active");
    active = index;
    const item = shown[index];
    if (!item) return input.removeAttribute("aria-activedescendant");
    item.classList.add("active");
    input.setAttribute("aria-activedescendant", item.id);
    scrollInto(list, item);
  };
  const setError = (message: string) => {
    error.textContent = message;
    input.setAttribute("aria-invalid", String(message !== ""));
  };
  const close = () => {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const restore = () => {
    close();
    setError("");
    input.value = chosen;
  };
  const choose = (item: HTMLElement | undefined) => {
    if (!item) return;
    chosen = item.dataset.value!;
    restore();
    onChange(chosen);
  };

  input.addEventListener("input", () => show(input.value.trim()));
  input.addEventListener("focus", () => input.select());
  input.addEventListener("click", () => {
    if (list.hidden) show("");
  });
  toggle.addEventListener("click", () => {
    if (!list.hidden) return restore();
    input.focus();
    show("");
  });
  // Keeps the focus in the field while the list is used.
  for (const part of [list, toggle]) part.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) =>
    choose((event.target as Element).closest<HTMLElement>(".combobox-option") ?? undefined),
  );
  input.addEventListener("blur", () => {
    // A text that means nothing stays, with the reason beside it.
    if (!error.textContent) restore();
    close();
  });
  input.addEventListener("keydown", (event) => {
    const {key} = event;
    if (key === "ArrowDown" || key === "ArrowUp") {
      if (list.hidden) show("");
      else activate((active + (key === "ArrowDown" ? 1 : shown.length - 1)) % shown.length);
    } else if (key === "Enter") {
      if (!list.hidden) choose(shown[active]);
    } else if (key === "Escape") {
      if (list.hidden && !error.textContent) return;
      restore();
    } else return;
    event.preventDefault();
  });

  const update = (next: string) => {
    if (next === chosen && input.value === next) return;
    chosen = next;
    restore();
  };
  input.value = value;
  return {element, update};
}

/** The groups with the options that contain a text; those that it begins come first, one of exactly that name alone. */
function search(groups: readonly ComboboxGroup[], text: string): ComboboxGroup[] {
  if (!text) return [...groups];
  const key = text.toLowerCase();
  const rank = ({value, detail, keywords = []}: ComboboxOption) => {
    const names = [value, ...keywords].map((name) => name.toLowerCase());
    if (names.includes(key)) return 0;
    if (names.some((name) => name.includes(key))) return 1;
    return detail.toLowerCase().includes(key) ? 2 : 3;
  };
  const matching = (highest: number) =>
    groups
      .map(({title, options}) => ({title, options: options.filter((option) => rank(option) <= highest)}))
      .filter(({options}) => options.length > 0);
  const exact = matching(0);
  if (exact.length === 0) return matching(2);
  const names = new Set(exact.flatMap(({options}) => options));
  const others = matching(1)
    .map(({title, options}) => ({title, options: options.filter((option) => !names.has(option))}))
    .filter(({options}) => options.length > 0);
  return [...exact, ...others];
}

function parsedOption(
  text: string,
  parse: (text: string) => ComboboxOption,
): {option?: ComboboxOption; message?: string} {
  try {
    return {option: parse(text)};
  } catch (error) {
    return {message: (error as Error).message};
  }
}

/** Scrolls the list, and nothing but the list, until the item is seen. */
function scrollInto(list: HTMLElement, item: HTMLElement): void {
  const above = item.offsetTop - list.scrollTop;
  if (above < 0) list.scrollTop = item.offsetTop;
  else if (above + item.offsetHeight > list.clientHeight) {
    list.scrollTop = item.offsetTop + item.offsetHeight - list.clientHeight;
  }
}
