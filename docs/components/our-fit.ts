/** A law fitted to our own runs: an entry of `fits` in `loaders/our-laws.json`, as far as pages read it. */
export interface OurFit {
  readonly data: string;
  readonly corpus: string;
  readonly law: string;
  readonly of: "loss" | "rise";
  readonly sweeps: readonly string[];
  readonly domain: Readonly<Record<string, readonly [number, number]>>;
  readonly result: {
    readonly rows: number;
    readonly rootMeanSquare: number;
    readonly heldOut: {readonly rootMeanSquare: number} | null;
    readonly constants: readonly OurConstant[];
  };
}

interface OurConstant {
  readonly name: string;
  readonly value: number;
  readonly interval: readonly [number, number] | null;
  readonly identified: boolean;
  readonly atBound: boolean;
}

export const constantOf = (fit: OurFit | undefined, name: string): OurConstant | undefined =>
  fit?.result.constants.find((constant) => constant.name === name);

export const fittedValues = ({result}: OurFit): Record<string, number> =>
  Object.fromEntries(result.constants.map(({name, value}) => [name, value]));
