type Env = Readonly<Record<string, string | undefined>>;

/**
 * What must never be read in a log: tokens, and the values of all OTLP headers in every spelling in which they might turn up.
 * A shorter value than six characters is left out, since hiding `prod` or `block` would blacken innocent words; such a value is simply never printed.
 */
export function secretsOf(env: Env): readonly string[] {
  const tokens = TOKENS.map((name) => env[name] ?? '');
  const headers = HEADERS.flatMap((name) => headerValues(env[name] ?? ''));
  const endpoints = ENDPOINTS.flatMap((name) => credentialsOf(env[name] ?? ''));
  const lines = [...tokens, ...headers, ...endpoints].flatMap((value) => value.split(/[\r\n]+/)).map((value) => value.trim());
  return [...new Set(lines)].filter((value) => value.length >= SHORTEST);
}

const SHORTEST = 6;
const TOKENS = ['GITHUB_TOKEN', 'GH_TOKEN', 'INPUT_GITHUB-TOKEN', 'ACTIONS_RUNTIME_TOKEN', 'ACTIONS_ID_TOKEN_REQUEST_TOKEN'];
const HEADERS = ['INPUT_OTLP-HEADERS', 'OTEL_EXPORTER_OTLP_HEADERS', 'OTEL_EXPORTER_OTLP_TRACES_HEADERS'];
const ENDPOINTS = ['INPUT_OTLP-ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'];

/** Each value as written, percent-decoded, and without its scheme: a server may quote `Bearer abc` back as `abc`. */
function headerValues(text: string): readonly string[] {
  return text.split(/[,\r\n]/).flatMap((entry) => {
    // An entry without a name is a mistake; what stands there may be the secret itself.
    const written = entry.slice(entry.indexOf('=') + 1).trim();
    const decoded = decode(written);
    return [written, decoded, decoded.replace(/^(Basic|Bearer|Token|ApiKey|Api-Token)\s+/i, '')];
  });
}

function credentialsOf(text: string): readonly string[] {
  const url = URL.parse(text);
  if (url === null) return [];
  const basic = Buffer.from(`${decode(url.username)}:${decode(url.password)}`).toString('base64');
  const credentials = url.username === '' && url.password === '' ? [] : [url.password, decode(url.password), basic];
  // An API key is sometimes a parameter; shorter ones are names of data sets and the like.
  return [...credentials, ...[...url.searchParams.values()].filter((value) => value.length >= 16)];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
