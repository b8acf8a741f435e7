type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** A function that makes elements of one document; an attribute that is `false` or undefined is left out. */
export function elementMaker(document: Document) {
  return <Name extends keyof HTMLElementTagNameMap>(
    name: Name,
    attributes: Attributes = {},
    ...children: readonly (Node | string)[]
  ): HTMLElementTagNameMap[Name] => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (value !== undefined && value !== false)
        element.setAttribute(key, value === true ? "" : String(value));
    }
    element.append(...children);
    return element;
  };
}
