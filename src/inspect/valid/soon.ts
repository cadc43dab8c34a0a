/** What is there, or will be. */
export type Soon<T> = T | Promise<T>;

/** Goes on at once with what is there: to wait for it takes as long as to judge a small file, and there may be thousands. */
export function after<T, R>(value: Soon<T>, goOn: (value: T) => Soon<R>): Soon<R> {
  return value instanceof Promise ? value.then(goOn) : goOn(value);
}
