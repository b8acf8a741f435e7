const schemes = ["standard", "unit"] as const;

/** The schemes that a figure shows for the page's choice of "both" or of one. */
export const chosenSchemes = (choice: string): readonly string[] =>
  choice === "both" ? schemes : schemes.filter((scheme) => scheme === choice);
