/** States of something that is edited, with those that can be gone back and forth to. */
export interface EditHistory<State> {
  readonly past: readonly State[];
  readonly present: State;
  readonly future: readonly State[];
}

/** States that can be gone back to. */
const mostPast = 200;

export const newHistory = <State>(present: State): EditHistory<State> => ({past: [], present, future: []});

/** After an edit there is nothing to redo. */
export const edited = <State>({past, present}: EditHistory<State>, next: State): EditHistory<State> => ({
  past: [...past, present].slice(-mostPast),
  present: next,
  future: [],
});

/** After the latest edit went on to another state. */
export const continued = <State>({past}: EditHistory<State>, next: State): EditHistory<State> => ({
  past,
  present: next,
  future: [],
});

export function undone<State>(history: EditHistory<State>): EditHistory<State> {
  const {past, present, future} = history;
  if (past.length === 0) return history;
  return {past: past.slice(0, -1), present: past.at(-1)!, future: [present, ...future]};
}

export function redone<State>(history: EditHistory<State>): EditHistory<State> {
  const {past, present, future} = history;
  if (future.length === 0) return history;
  return {past: [...past, present], present: future[0], future: future.slice(1)};
}
