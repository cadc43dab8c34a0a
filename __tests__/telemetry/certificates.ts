// Certificates made while the test runs: nothing expires, and no private key lies in the repository. X.509 version 3 in DER, as RFC 5280 §4 has it.
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { isIP } from 'node:net';

/** A key and a certificate for it, both as PEM. */
export interface Identity {
  readonly cert: string;
  readonly key: string;
}

export interface Authority extends Identity {
  /** A certificate that this authority signs. Names are host names or addresses. */
  readonly issue: (name: string, more?: { readonly names?: readonly string[]; readonly until?: Date }) => Identity;
}

const DAY = 86_400_000;

export function createAuthority(name: string): Authority {
  const keys = newKeys();
  const cert = certificate({ issuer: name, subject: name, key: keys.publicKey, signer: keys.privateKey, extensions: [CA] });
  return {
    cert,
    key: pemOf(keys.privateKey),
    issue: (subject, { names = [], until } = {}) => {
      const own = newKeys();
      const extensions = names.length === 0 ? [] : [alternativeNames(names)];
      const held = { issuer: name, subject, key: own.publicKey, signer: keys.privateKey, extensions, ...(until ? { until } : {}) };
      return { cert: certificate(held), key: pemOf(own.privateKey) };
    },
  };
}

/** A certificate that nobody but itself vouches for. */
export function selfSigned(name: string, names: readonly string[]): Identity {
  const keys = newKeys();
  const extensions = [alternativeNames(names)];
  return {
    cert: certificate({ issuer: name, subject: name, key: keys.publicKey, signer: keys.privateKey, extensions }),
    key: pemOf(keys.privateKey),
  };
}

interface Held {
  readonly issuer: string;
  readonly subject: string;
  readonly key: KeyObject;
  readonly signer: KeyObject;
  readonly extensions: readonly Buffer[];
  readonly until?: Date;
}

let serial = 0x10;

function certificate({ issuer, subject, key, signer, extensions, until = new Date(Date.now() + DAY) }: Held): string {
  const from = new Date(Math.min(Date.now(), until.getTime()) - DAY);
  serial += 1;
  const held = sequence(
    tagged(0xa0, integer(2)),
    integer(serial),
    ECDSA_SHA256,
    nameOf(issuer),
    sequence(time(from), time(until)),
    nameOf(subject),
    key.export({ type: 'spki', format: 'der' }),
    ...(extensions.length > 0 ? [tagged(0xa3, sequence(...extensions))] : []),
  );
  const bits = (bytes: Buffer) => tagged(0x03, Buffer.concat([Buffer.of(0), bytes]));
  const der = sequence(held, ECDSA_SHA256, bits(sign('sha256', held, signer)));
  return ['-----BEGIN CERTIFICATE-----', ...(der.toString('base64').match(/.{1,64}/g) ?? []), '-----END CERTIFICATE-----', ''].join('\n');
}

function newKeys() {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

function pemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function tagged(tag: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  const { length } = body;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...size), body]);
}

function sequence(...content: readonly Buffer[]): Buffer {
  return tagged(0x30, ...content);
}

function integer(value: number): Buffer {
  return tagged(0x02, Buffer.of(0, value >> 8, value & 0xff).subarray(value > 0x7fff ? 0 : value > 0x7f ? 1 : 2));
}

function identifier(...arcs: readonly number[]): Buffer {
  const [first = 0, second = 0, ...rest] = arcs;
  const bytes = rest.flatMap((arc) => {
    const groups = [arc & 0x7f];
    for (let left = arc >> 7; left > 0; left >>= 7) groups.unshift((left & 0x7f) | 0x80);
    return groups;
  });
  return tagged(0x06, Buffer.of(first * 40 + second, ...bytes));
}

const ECDSA_SHA256 = sequence(identifier(1, 2, 840, 10045, 4, 3, 2));

function nameOf(name: string): Buffer {
  return sequence(tagged(0x31, sequence(identifier(2, 5, 4, 3), tagged(0x0c, Buffer.from(name)))));
}

function time(date: Date): Buffer {
  return tagged(0x18, Buffer.from(`${date.toISOString().replace(/\.\d+|\D/g, '')}Z`));
}

const TRUE = tagged(0x01, Buffer.of(0xff));
const CA = sequence(identifier(2, 5, 29, 19), TRUE, tagged(0x04, sequence(TRUE)));

function alternativeNames(names: readonly string[]): Buffer {
  const entries = names.map((name) =>
    isIP(name) === 4 ? tagged(0x87, Buffer.from(name.split('.').map(Number))) : tagged(0x82, Buffer.from(name)),
  );
  return sequence(identifier(2, 5, 29, 17), tagged(0x04, sequence(...entries)));
}
