type Attributes = Readonly<Record<string, string | number | undefined>>;

/** A function that makes SVG elements of one document; an attribute that is undefined is left out. */
export function svgMaker(document: Document) {
  return <Name extends keyof SVGElementTagNameMap>(
    name: Name,
    attributes: Attributes = {},
    ...children: readonly (Node | string)[]
  ): SVGElementTagNameMap[Name] => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) {
      if (value !== undefined) element.setAttribute(key, String(value));
    }
    element.append(...children);
    return element;
  };
}
