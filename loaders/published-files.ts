/** A file made from a dataset by a module of the site, published under its own name for use elsewhere. */
export interface PublishedFile {
  readonly dataset: string;
  readonly module: string;
}

/** Every such file, by its path on the site. Its loader stands at the same path below docs. */
export const publishedFiles: Readonly<Record<string, PublishedFile>> = {
  "embed/variance.js": {dataset: "variance.arrow", module: "docs/embed/variance-element.ts"},
  "charts/variance.svg": {dataset: "variance.arrow", module: "docs/components/variance-chart.ts"},
  "charts/variance-dark.svg": {dataset: "variance.arrow", module: "docs/components/variance-chart.ts"},
};
