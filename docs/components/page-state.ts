/** What can be chosen: the allowed values, of which one holds until another is chosen. */
export interface Choice {
  readonly values: readonly string[];
  readonly initial: string;
  /** Which other values are allowed too, for choices that no list can hold, such as a number that is typed. */
  readonly accepts?: (value: string) => boolean;
}

export type Choices = Readonly<Record<string, Choice>>;
export type StateOf<C extends Choices> = {readonly [Name in keyof C]: string};

/** The state of a page's controls, shared by its figures and kept in the page's address. */
export interface PageState<C extends Choices> {
  readonly choices: C;
  get(): StateOf<C>;
  /** Values that are not allowed are ignored. */
  set(changes: Partial<StateOf<C>>): void;
  reset(): void;
  /** Calls the listener now and after every change of the named choices, by default of any. @returns how to end this */
  subscribe(listener: (state: StateOf<C>) => void, names?: readonly (keyof C)[]): () => void;
}

/** The state of a page as it was written. */
export const initialState = <C extends Choices>(choices: C): StateOf<C> =>
  Object.fromEntries(Object.entries(choices).map(([name, {initial}]) => [name, initial])) as StateOf<C>;

/** What of a window the state needs: the address that it is read from and written to. */
export interface AddressBar {
  readonly location: {readonly href: string};
  readonly history: {replaceState(data: unknown, unused: string, url: string): void};
}

/** Milliseconds until an address that was refused is written again. */
const retryInterval = 1000;

/**
 * Chromium drops writes beyond 200 within ten seconds, without an error. After a burst, as while something is dragged, the
 * address therefore follows at intervals of so many milliseconds.
 */
const burst = {writes: 80, within: 10_000, interval: 200};

/**
 * The state that the address asks for, otherwise the initial one. Only values that differ from the initial ones are
 * written, as query parameters, so that the plain address shows the page as it was written.
 */
export function pageState<C extends Choices>(
  choices: C,
  {location, history}: AddressBar = globalThis.window,
): PageState<C> {
  const initial = initialState(choices);
  const allowed = (changes: Iterable<readonly [string, string | undefined]>) =>
    Object.fromEntries(
      [...changes].filter(
        ([name, value]) =>
          Object.hasOwn(choices, name) && value !== undefined && isAllowed(choices[name], value),
      ),
    );
  const listeners = new Map<(state: StateOf<C>) => void, readonly (keyof C)[]>();
  let state = {...initial, ...allowed(new URL(location.href).searchParams)} as StateOf<C>;

  let retry: ReturnType<typeof setTimeout> | undefined;
  let writes: number[] = [];
  // Some browsers refuse an address that changes too often, as it does while a key is held down.
  const writeAddress = () => {
    clearTimeout(retry);
    retry = undefined;
    writes.push(Date.now());
    try {
      history.replaceState(null, "", address(location.href, state, initial));
    } catch {
      retry = setTimeout(writeAddress, retryInterval);
    }
  };
  const writeSoon = () => {
    writes = writes.filter((time) => Date.now() - time < burst.within);
    if (writes.length < burst.writes) writeAddress();
    else retry ??= setTimeout(writeAddress, burst.interval);
  };
  const change = (next: StateOf<C>) => {
    const changed = Object.keys(choices).filter((name) => next[name] !== state[name]);
    if (changed.length === 0) return;
    state = next;
    writeSoon();
    for (const [listener, names] of listeners) {
      if (changed.some((name) => names.includes(name))) listener(state);
    }
  };
  return {
    choices,
    get: () => state,
    set: (changes) => change({...state, ...allowed(Object.entries(changes))}),
    reset: () => change(initial),
    subscribe(listener, names = Object.keys(choices)) {
      listeners.set(listener, names);
      listener(state);
      return () => listeners.delete(listener);
    },
  };
}

const isAllowed = ({values, accepts}: Choice, value: string): boolean =>
  values.includes(value) || (accepts?.(value) ?? false);

function address(
  href: string,
  state: Readonly<Record<string, string>>,
  initial: Readonly<Record<string, string>>,
): string {
  const url = new URL(href);
  for (const [name, value] of Object.entries(state)) {
    if (value === initial[name]) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  return url.href;
}
