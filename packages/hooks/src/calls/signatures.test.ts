import { expect, test } from '@jest/globals';
import { signatureHeader, standardWebhooksHeaders } from './signatures.ts';

test('the signature is HMAC-SHA256 over seconds, dot and body, once for each key', () => {
  // printf '1700000000.{"a":1}' | openssl dgst -sha256 -hmac key
  expect(signatureHeader(['key', 'other'], 1_700_000_000, Buffer.from('{"a":1}'))).toBe(
    't=1700000000,v1=a438e398bfafc57e4396bb7fc2304422f0f768e965d073ca313cb52e22e6ad03,v1=2cb38bd50b3aa61b12df512da616c9577f2a99edb9467110d361a655e1ad3bd5',
  );
});

test('Standard Webhooks: its own example', () => {
  // standardwebhooks.com, "Signature scheme".
  const key = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  const body = Buffer.from('{"test": 2432232314}');
  expect(standardWebhooksHeaders([key], 'msg_p5jXN8AQM9LWM0D4loKWxJek', 1_614_265_330, body)).toEqual([
    ['webhook-id', 'msg_p5jXN8AQM9LWM0D4loKWxJek'],
    ['webhook-timestamp', '1614265330'],
    ['webhook-signature', 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='],
  ]);
});
