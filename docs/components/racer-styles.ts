export interface RacerStyle {
  readonly racer: string;
  readonly title: string;
  /** For narrow screens. */
  readonly short: string;
  /** The colour, as a key of the palette: of 8-bit numbers, of others, and of what all are compared with. */
  readonly color: "fp8" | "muted" | "fp32";
  /** The second cue. */
  readonly dash?: string;
  readonly width: number;
}

/** How the accumulators are drawn and named, from the narrowest to the exact one. */
export const racerStyles: readonly RacerStyle[] = [
  {
    racer: "h100-cublaslt-fast fp8",
    title: "H100 FP8, fast accumulation",
    short: "H100 FP8 fast",
    color: "fp8",
    width: 2.5,
  },
  {racer: "ada-mma fp8", title: "Ada FP8", short: "Ada FP8", color: "fp8", width: 1.5, dash: "2 4"},
  {
    racer: "h100-cublaslt fp8",
    title: "H100 FP8, promoted",
    short: "H100 FP8 /128",
    color: "fp8",
    width: 2,
    dash: "7 4",
  },
  {
    racer: "b200-mma fp8",
    title: "B200 FP8, mma.sync",
    short: "B200 FP8 mma",
    color: "fp8",
    width: 1.5,
    dash: "1 3",
  },
  {
    racer: "h100-wgmma fp16 fp16 sums",
    title: "H100 FP16, sums in FP16",
    short: "FP16 sums",
    color: "muted",
    width: 1.5,
    dash: "8 3 2 3",
  },
  {racer: "v100-mma fp16", title: "V100 FP16", short: "V100 FP16", color: "muted", width: 1.5, dash: "2 4"},
  {racer: "a100-mma fp16", title: "A100 FP16", short: "A100 FP16", color: "muted", width: 1.5, dash: "6 4"},
  {racer: "h100-wgmma fp16", title: "H100 FP16", short: "H100 FP16", color: "muted", width: 1.75},
  {racer: "a100-mma bf16", title: "A100 BF16", short: "A100 BF16", color: "muted", width: 1.5, dash: "6 4"},
  {racer: "h100-wgmma bf16", title: "H100 BF16", short: "H100 BF16", color: "muted", width: 1.75},
  {racer: "fp32", title: "fp32, one by one", short: "fp32", color: "fp32", width: 1.75},
  {racer: "exact", title: "exact, rounded once", short: "exact", color: "fp32", width: 1.5, dash: "1 4"},
];

/** What a racer is called. */
export const racerTitle = (racer: string): string =>
  racerStyles.find((style) => style.racer === racer)?.title ?? racer;
