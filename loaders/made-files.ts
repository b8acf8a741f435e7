/** A file that is made by bundling, drawing or copying, and published under its own name. */
export interface MadeFile {
  /** The module that it is made from, from the top of the project. */
  readonly module: string;
  /** The dataset that goes into it, if any. */
  readonly dataset?: string;
}

/** Every such file, by its path on the site. Its loader stands at the same path below docs. */
export const madeFiles = {
  "embed/variance.js": {module: "docs/embed/variance-element.ts", dataset: "variance.arrow"},
  "embed/surface.js": {module: "docs/embed/surface-element.ts"},
  "charts/variance.svg": {module: "docs/components/variance-chart.ts", dataset: "variance.arrow"},
  "charts/variance-dark.svg": {module: "docs/components/variance-chart.ts", dataset: "variance.arrow"},
  "worker/train.js": {module: "src/training/browser-worker.ts"},
  "worker/refusal.js": {module: "src/training/refusal-worker.ts"},
  "worker/fit.js": {module: "src/laws/fit-worker.ts"},
  "worker/laws.js": {module: "docs/components/law-worker.ts"},
  "worker/settings.js": {module: "src/training/settings-form.ts"},
  "settings/schema.json": {module: "data/settings/schema.json"},
} as const satisfies Readonly<Record<string, MadeFile>>;
