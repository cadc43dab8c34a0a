import { expect, test } from '@jest/globals';
import { secretsOf } from '../../../src/host/github/secrets.ts';

test('finds header values as written, decoded, and without their scheme', () => {
  expect(secretsOf({ 'INPUT_OTLP-HEADERS': 'authorization=Bearer%20abcdef123456,x-tenant=shop-a' })).toEqual([
    'Bearer%20abcdef123456',
    'Bearer abcdef123456',
    'abcdef123456',
    'shop-a',
  ]);
});

test('finds what the OpenTelemetry variables hold, tokens, and credentials in an address', () => {
  const env = {
    OTEL_EXPORTER_OTLP_HEADERS: 'api-key=0123456789',
    OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'api-key=9876543210',
    GITHUB_TOKEN: 'ghs_0123456789',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'https://me:p%40ssword@otlp.example.com',
  };
  expect(secretsOf(env)).toEqual(
    expect.arrayContaining(['0123456789', '9876543210', 'ghs_0123456789', 'p@ssword', Buffer.from('me:p@ssword').toString('base64')]),
  );
});

test('treats an entry without a name as the secret itself, and each line of a value by itself', () => {
  expect(secretsOf({ 'INPUT_OTLP-HEADERS': 'forgot-the-name' })).toEqual(['forgot-the-name']);
  expect(secretsOf({ 'INPUT_OTLP-HEADERS': 'k=first-line\nsecond-line' })).toEqual(['first-line', 'second-line']);
});

test('masks nothing so short that innocent words would vanish, and is not stopped by broken escapes', () => {
  expect(secretsOf({ 'INPUT_OTLP-HEADERS': 'env=prod,flag=block, =,' })).toEqual([]);
  expect(secretsOf({ 'INPUT_OTLP-HEADERS': 'k=100%zz-secret' })).toEqual(['100%zz-secret']);
});
