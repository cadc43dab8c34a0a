/** A place of a query where Grafana puts a variable's value. */
export interface VariableUse {
  readonly name: string;
  readonly offset: number;
}

export interface Substituted {
  /** The query as it might read once Grafana has filled it in, in the order of likelihood. */
  readonly candidates: readonly string[];
  readonly uses: readonly VariableUse[];
  /** A variable stands where it may hold anything, an operator or a whole expression: what reads badly with stand-ins may read well. */
  readonly isOpen: boolean;
}

const VARIABLE = /\$(?:\{([A-Za-z_]\w*)(?:\.[\w.]+)?(?::[^}]*)?\}|([A-Za-z_]\w*))|\[\[([A-Za-z_]\w*)(?::[^\]]*)?\]\]/g;

/** Variables that Grafana always knows. */
export function isBuiltIn(name: string): boolean {
  return name.startsWith('__') || name === 'timeFilter' || name === 'interval';
}

/** Puts stand-ins where variables are: a duration in brackets, a name before a parenthesis, a matcher between braces, a word inside of texts. */
export function substitute(query: string): Substituted {
  const uses: VariableUse[] = [];
  if (!query.includes('$') && !query.includes('[[')) return { candidates: [query], uses, isOpen: false };
  const contexts = createContexts(query);
  const fill = (bare: string) =>
    query.replace(
      VARIABLE,
      (whole: string, braced: string | undefined, plain: string | undefined, squared: string | undefined, offset: number) => {
        if (bare === 'x') uses.push({ name: braced ?? plain ?? squared ?? '', offset });
        return standIn(query, offset, offset + whole.length, contexts(offset), bare);
      },
    );
  const candidates = [...new Set([fill('x'), fill('1')])];
  return { candidates, uses, isOpen: uses.some(({ offset }) => contexts(offset) === 'open') };
}

type Context = 'text' | 'range' | 'braces' | 'open';

function standIn(query: string, start: number, end: number, context: Context, bare: string): string {
  const before = query.slice(0, start).trimEnd();
  const after = query.slice(end);
  if (context === 'text') return 'x';
  if (context === 'range' || /\boffset\s*-?$/.test(before))
    return /^[smhdwy]/.test(after) ? '5' : /\d$/.test(query.slice(0, start)) ? 'm' : '5m';
  if (context === 'braces' && /[{,]$/.test(before) && /^\s*[,}]/.test(after)) return 'x="y"';
  const joined = /[\w:]$/.test(query.slice(0, start)) || /^[\w:]/.test(after);
  if (/^\s*(?:\(|(?:by|without)\b)/.test(after) && !joined) return 'sum';
  if (joined || context === 'braces') return /\d$/.test(query.slice(0, start)) ? '1' : 'x';
  if (
    /(?:topk|bottomk|limitk|quantile|histogram_quantile|quantile_over_time|scalar|vector)\s*(?:by\s*\([^)]*\)\s*)?\($/i.test(before) ||
    /(?:[<>]=?|[=!]=)\s*(?:bool\s*)?$/.test(before)
  )
    return '1';
  return bare;
}

/** Whether an offset lies in a text, in a range or between braces; asked in ascending order, so that the query is walked once. */
function createContexts(query: string): (offset: number) => Context {
  const contexts = new Map<number, Context>();
  let quote = '';
  let brackets = 0;
  let braces = 0;
  for (let at = 0; at < query.length; at++) {
    const char = query[at]!;
    if (char === '$' || char === '[') contexts.set(at, quote ? 'text' : brackets > 0 ? 'range' : braces > 0 ? 'braces' : 'open');
    if (quote) {
      if (char === '\\' && quote !== '`') at++;
      else if (char === quote) quote = '';
    } else if ('"\'`'.includes(char)) quote = char;
    else if (query.startsWith('${', at) || query.startsWith('[[', at))
      at = Math.max(at, query.indexOf(char === '$' ? '}' : ']]', at) + (char === '$' ? 0 : 1));
    else if (char === '[') brackets++;
    else if (char === ']') brackets--;
    else if (char === '{') braces++;
    else if (char === '}') braces--;
  }
  return (offset) => contexts.get(offset) ?? 'open';
}
