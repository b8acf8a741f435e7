/** Those of the schemes that the rows have anything of, in their order: a panel without data says nothing. */
export const presentSchemes = (
  rows: readonly {readonly scheme: string}[],
  schemes: readonly string[],
): readonly string[] => schemes.filter((scheme) => rows.some((row) => row.scheme === scheme));
