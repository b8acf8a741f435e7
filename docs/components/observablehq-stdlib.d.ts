/** What components use of Framework's standard library; Framework ships no types. */
declare module "observablehq:stdlib" {
  export interface File {
    readonly name: string;
    readonly mimeType: string;
    readonly href: string;
    /** In bytes; undefined when it is not known. */
    readonly size: number | undefined;
    url(): Promise<string>;
    blob(): Promise<Blob>;
    arrayBuffer(): Promise<ArrayBuffer>;
    stream(): Promise<ReadableStream<Uint8Array>>;
    text(): Promise<string>;
    json<Value = unknown>(): Promise<Value>;
  }

  /** A file of the site; the name has to be a literal, relative to the module. */
  export function FileAttachment(name: string): File;

  /** Calls `render` with the width of the element that the result stands in, whenever that changes. */
  export function resize(
    render: (width: number, height: number) => Node | string | Promise<Node | string>,
    invalidation?: Promise<void>,
  ): HTMLElement;

  export const Generators: {
    input(element: HTMLElement): AsyncGenerator<unknown>;
    observe<Value>(
      initialize: (change: (value: Value) => void) => (() => void) | undefined,
    ): AsyncGenerator<Value>;
    width(element: HTMLElement): AsyncGenerator<number>;
    dark(): AsyncGenerator<boolean>;
    now(): AsyncGenerator<number>;
  };

  export function Mutable<Value>(value: Value): AsyncGenerator<Value> & {value: Value};
}
