declare global {
  interface JSON {
    rawJSON(text: string): unknown;
  }
}

/** A number whose field is declared a float: both writers keep its fraction, `75.0`, as the reference's consumers see it (export.md §5). */
export class Float {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }

  /** Called by `JSON.stringify`. */
  toJSON(): unknown {
    return Number.isFinite(this.value) ? JSON.rawJSON(floatText(this.value)) : null;
  }
}

export function float(value: number): Float {
  return new Float(value);
}

/** A finite number with its fraction, as the reference writes it: `75.0`, `0.5`, `1e+16`, `1e-05`. */
export function floatText(value: number): string {
  const [mantissa = '', exponent = ''] = value.toExponential().split('e');
  const power = Number(exponent);
  if (power < -4 || power >= 16) return `${mantissa}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
  const text = Object.is(value, -0) ? '-0' : String(value);
  return text.includes('.') ? text : text + '.0';
}
