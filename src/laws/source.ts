/** Where a law or its constants come from. */
export interface Source {
  readonly authors: string;
  readonly year: number;
  readonly title: string;
  /** Number at arxiv.org, absent for our own. */
  readonly arxiv?: string;
  /** Section, equation or table. */
  readonly where?: string;
}

export const kaplan2020: Source = {
  authors: "Kaplan, McCandlish, Henighan, Brown, Chess, Child, Gray, Radford, Wu, Amodei",
  year: 2020,
  title: "Scaling Laws for Neural Language Models",
  arxiv: "2001.08361",
};

export const hoffmann2022: Source = {
  authors: "Hoffmann, Borgeaud, Mensch and others",
  year: 2022,
  title: "Training Compute-Optimal Large Language Models",
  arxiv: "2203.15556",
};

export const besiroglu2024: Source = {
  authors: "Besiroglu, Erdil, Barnett, You",
  year: 2024,
  title: "Chinchilla Scaling: A replication attempt",
  arxiv: "2404.10102",
};

export const kumar2024: Source = {
  authors: "Kumar, Ankner, Spector, Bordelon, Muennighoff, Paul, Pehlevan, Ré, Raghunathan",
  year: 2024,
  title: "Scaling Laws for Precision",
  arxiv: "2411.04330",
};

export const sun2025: Source = {
  authors: "Sun, Li, Xie and others",
  year: 2025,
  title: "Scaling Laws for Floating-Point Quantization Training",
  arxiv: "2501.02423",
};

export const chen2025: Source = {
  authors: "Chen, Zhang, Liu and others",
  year: 2025,
  title: "Scaling Law for Quantization-Aware Training",
  arxiv: "2505.14302",
};

/** Forms that are not published elsewhere. */
export const ownForm: Source = {authors: "Bitscape", year: 2026, title: "own form, not published"};
