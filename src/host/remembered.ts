/**
 * The function with its last answers kept; bounded, so that a stranger's texts cannot fill the memory. Of texts longer than `longest` nothing is kept: even a piece of
 * a file keeps all of it.
 */
export function remembered<T>(make: (text: string) => T, most: number, longest = Number.POSITIVE_INFINITY): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    if (text.length > longest) return make(text);
    const found = known.get(text);
    if (found !== undefined) return found;
    if (known.size >= most) known.clear();
    const made = make(text);
    known.set(text, made);
    return made;
  };
}
