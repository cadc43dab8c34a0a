/** JSON as the reference writes it: indented by two, everything outside ASCII escaped, a line break at the end. */
export function asciiJson(value: unknown): string {
  return (
    JSON.stringify(value, null, 2).replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`) + '\n'
  );
}
