const titles: Record<string, string> = {standard: "Standard", unit: "Unit scaling", munit: "µnit scaling"};

/** What a scheme is called in headings. */
export const schemeTitle = (scheme: string): string => titles[scheme] ?? scheme;
