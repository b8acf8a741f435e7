/** Names of formats that libraries are asked for, and how the choice calls them. */
export const askedFormats: Readonly<Record<string, string>> = {
  e4m3fn: "E4M3FN",
  e4m3: "“E4M3”",
  e5m2: "E5M2",
  e4m3fnuz: "E4M3 FNUZ",
  e5m2fnuz: "E5M2 FNUZ",
  e3m2: "FP6 E3M2",
  e2m3: "FP6 E2M3",
  e2m1: "FP4 E2M1",
  bf16: "bfloat16",
  fp16: "fp16",
  int8: "INT8",
  e8m0: "E8M0",
};
