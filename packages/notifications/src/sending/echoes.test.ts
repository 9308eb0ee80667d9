import { describe, expect, test } from '@jest/globals';
import { AddressGuard, readExceptions } from '@zekt/egress';
import type { ProviderConfig } from '../providers/provider-type.ts';
import { providerTypes } from '../providers/table.ts';
import { config, info } from '../testing/play.ts';
import { sendEvent } from './send-event.ts';

// A destination that repeats what it was sent, in any encoding that it likes: nobody who reads the notification sees it.

const token = 'Kx9/t0k+en~Zq"7ä\\P w5';
const given: Partial<ProviderConfig> = {
  address: 'https://hooks.example/services/T00AB12CD/sEcReT-pAtH?sig=qUeRy%2Bvalue99',
  token,
  password: 'pa55-w0rd-of-mine',
  headers: { 'X-Api-Key': 'hEaDeR-key-0042', 'Content-Type': 'application/json' },
  extra: { creds: 'eXtRa-creds-0815', 'ca.crt': '-----BEGIN CERTIFICATE-----' },
};

async function said(answer: string, status = 500) {
  const type = providerTypes.get('generic');
  if (!type) throw new Error('generic is there');
  const sent = await sendEvent(
    {
      transport: () => Promise.resolve({ status, headers: {}, text: answer }),
      guard: new AddressGuard(readExceptions([])),
      clock: { now: () => 0 },
    },
    { type, config: config('generic', given), route: { timeoutMs: 1 } },
    info,
  );
  const reason = sent.verdict.kind === 'done' ? '' : sent.verdict.reason;
  return { answer: sent.exchanges[0]?.answer ?? '', reason };
}

const hidden = 'Not shown: it holds a part of a secret.';
const bytes = (text: string): Buffer => Buffer.from(text);
const escaped = (text: string): string => JSON.stringify(text).slice(1, -1);
const encodings: Readonly<Record<string, (text: string) => string>> = {
  'as it is': (text) => text,
  'in percent escapes': (text) => encodeURIComponent(text),
  'in percent escapes of every byte, in lower case': (text) =>
    [...bytes(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
  'in Base64': (text) => bytes(text).toString('base64'),
  'in Base64 after one byte': (text) => bytes(`x${text}`).toString('base64'),
  'in Base64 after two bytes': (text) => bytes(`xy${text}`).toString('base64'),
  'in Base64 for URLs': (text) => bytes(`~~${text}`).toString('base64url'),
  'in Base64 with line breaks': (text) =>
    bytes(text)
      .toString('base64')
      .replace(/(.{5})/g, '$1\r\n'),
  'in Base64 in JSON with line breaks': (text) =>
    escaped(
      bytes(text)
        .toString('base64')
        .replace(/(.{5})/g, '$1\n'),
    ),
  'in hexadecimal digits': (text) => bytes(text).toString('hex'),
  'in upper-case hexadecimal digits, after one': (text) => `A${bytes(text).toString('hex').toUpperCase()}`,
  'in JSON': escaped,
  'in JSON with every character escaped': (text) =>
    Array.from(
      { length: text.length },
      (_, at) => String.raw`\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`,
    ).join(''),
  'in HTML with decimal references': (text) =>
    Array.from({ length: text.length }, (_, at) => `&#${text.charCodeAt(at)};`).join(''),
  'in HTML with hexadecimal references of what is no letter': (text) =>
    text.replace(/[^A-Za-z0-9]/g, (it) => `&#x${it.charCodeAt(0).toString(16).toUpperCase()};`),
  'in HTML with names': (text) =>
    text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('/', '&#47;').replaceAll('+', '&plus;'),
  'in percent escapes, twice': (text) => encodeURIComponent(encodeURIComponent(text)),
  'over several lines': (text) => text.replace(/(.{3})/g, '$1\r\n  '),
  'in percent escapes in JSON': (text) => escaped(encodeURIComponent(text)),
};

describe.each(Object.entries(encodings))('%s', (_, encode) => {
  test.each([
    ['a token', token],
    ['the first eight bytes of a token', token.slice(0, 8)],
    ['eight bytes from its middle', 't0k+en~Z'],
    ['a password', 'pa55-w0rd-of-mine'],
    ['a header', 'hEaDeR-key-0042'],
    ['another key of the secret', 'eXtRa-creds-0815'],
    ['the path of a webhook', 'sEcReT-pAtH'],
    ['its query', 'qUeRy+value99'],
  ])('%s is not shown', async (_what, secret) => {
    const answer = `{"error": "no ${encode(secret)} here"}`;
    expect(await said(answer)).toEqual({ answer: hidden, reason: `It answered 500: ${hidden}` });
    expect(await said(answer, 400)).toEqual({ answer: hidden, reason: `It answered 400: ${hidden}` });
  });
});

test('what holds no secret is shown: addresses of others, words of webhooks, certificates, JSON', async () => {
  const answer =
    '<html>404 at https://hooks.example/services: no application/json; see https://docs.example/webhooks -----BEGIN CERTIFICATE----- 0123456789abcdef</html>';
  expect(await said(answer)).toEqual({ answer, reason: `It answered 500: ${answer}` });
});

test('less than eight bytes of a secret are no secret', async () => {
  expect((await said('no t0k+en~ here')).answer).toBe('no t0k+en~ here');
});
