/** A value of a setting in YAML 1.2: numbers and plain words as they are, all else in quotes. */
export const yamlText = (value: unknown): string =>
  typeof value !== "string" || (/^[A-Za-z][\w./-]*$/.test(value) && !/^(true|false|null)$/i.test(value))
    ? String(value)
    : JSON.stringify(value);
