/** Code that shows the headline chart on another page; `site` is the address of the site's root. */
export function embedCode(site: string, {stage, recipe}: {stage: string; recipe: string}) {
  const address = (path: string) => new URL(path, site).href;
  const state = {stage: stage === "initial" ? "" : stage, recipe: recipe === "fp32" ? "" : recipe};
  const attributes = Object.entries(state).map(([name, value]) => (value ? ` ${name}="${value}"` : ""));
  return {
    module: [
      `<script type="module" src="${address("embed/variance.js")}"></script>`,
      `<bitscape-variance${attributes.join("")}></bitscape-variance>`,
    ].join("\n"),
    picture: [
      "<picture>",
      `  <source media="(prefers-color-scheme: dark)" srcset="${address("charts/variance-dark.svg")}">`,
      `  <img src="${address("charts/variance.svg")}" alt="Spread of each layer's tensors, standard and unit-scaled">`,
      "</picture>",
    ].join("\n"),
  };
}
