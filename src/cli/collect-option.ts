/** For options that can be given many times: commander hands over the value and what came before it. */
export const collect = (value: string, earlier: readonly string[] = []): readonly string[] => [
  ...earlier,
  value,
];
