import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { codeOf } from './failure.ts';

/** Paths of PEM files, as typed. */
export interface TlsPaths {
  readonly ca?: string;
  readonly key?: string;
  readonly cert?: string;
}

/** What a secure connection is opened with. */
export interface TlsFiles {
  readonly ca?: Buffer;
  readonly key?: Buffer;
  readonly cert?: Buffer;
}

/**
 * The PEM files a secure connection needs. They are looked into here, since OpenSSL says of a wrong one neither its name nor what is wrong with it.
 * @throws a sentence that names the file as it was typed, when one cannot be read or used.
 */
export async function readTlsFiles(root: string, paths: TlsPaths): Promise<TlsFiles> {
  const [ca, key, cert] = await Promise.all([paths.ca, paths.key, paths.cert].map((path) => readPem(root, path)));
  if (ca) parsed(() => new X509Certificate(ca), `"${paths.ca}" holds no certificate in PEM form`);
  if (key || cert) checkPair(paths, key, cert);
  return { ...(ca && { ca }), ...(key && { key }), ...(cert && { cert }) };
}

async function readPem(root: string, path: string | undefined): Promise<Buffer | undefined> {
  if (path === undefined) return undefined;
  try {
    return await readFile(resolve(root, path));
  } catch (error) {
    const code = codeOf(error);
    throw new Error(`"${path}" cannot be read: ${code === 'ENOENT' ? 'no such file (ENOENT)' : code}`, { cause: error });
  }
}

function checkPair(paths: TlsPaths, key: Buffer | undefined, cert: Buffer | undefined): void {
  if (!cert)
    throw new Error(
      `OTEL_EXPORTER_OTLP_CLIENT_KEY names "${paths.key}", but OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE names no certificate for it`,
    );
  const certificate = parsed(() => new X509Certificate(cert), `"${paths.cert}" holds no certificate in PEM form`);
  if (!key)
    throw new Error(`OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE names "${paths.cert}", but OTEL_EXPORTER_OTLP_CLIENT_KEY names no key for it`);
  const secret: KeyObject = parsed(
    () => createPrivateKey(key),
    `"${paths.key}" holds no private key in PEM form that can be read without a password`,
  );
  if (!certificate.checkPrivateKey(secret)) throw new Error(`"${paths.key}" is not the key of the certificate in "${paths.cert}"`);
}

function parsed<T>(parse: () => T, otherwise: string): T {
  try {
    return parse();
  } catch (cause) {
    throw new Error(otherwise, { cause });
  }
}
