/** How people write the name of a format: "E4M3" for the OCP format whose name in code ends in "fn", "FP16", "NF4". */
export function formatLabel(name: string): string {
  const common: Record<string, string> = {e2m1: "E2M1 (FP4)", dynamic8: "dynamic 8-bit"};
  return common[name] ?? name.toUpperCase().replace(/FN$/, "").replace(/FNUZ$/, " FNUZ");
}
