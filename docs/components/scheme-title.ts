const titles: Record<string, string> = {
  standard: "Standard",
  mup: "µP",
  unit: "Unit scaling",
  "unit-mup": "u-µP",
  munit: "µnit scaling",
};

/** What a scheme is called in headings. */
export const schemeTitle = (scheme: string): string => titles[scheme] ?? scheme;
