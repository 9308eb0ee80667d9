import { expect, test } from '@jest/globals';
import type { NotificationEvent } from '../event/notification-event.ts';
import { config, nowMs } from '../testing/play.ts';
import { grafana } from './grafana.ts';
import { startExchange } from './provider-type.ts';

function textFor(name: string): unknown {
  const event: NotificationEvent = {
    involvedObject: { kind: 'Run', namespace: 'acme', name },
    severity: 'info',
    timestamp: '2031-02-03T04:05:06Z',
    message: 'm',
    reason: 'RunSucceeded',
    metadata: {},
    reportingController: 'zekt',
  };
  const step = startExchange(grafana, event, config('grafana', { address: 'https://acme.io/hook' }), nowMs).next();
  if (step.done === true) throw new Error('nothing was sent');
  return (JSON.parse(String(step.value.body)) as { text: unknown }).text;
}

test.each([
  ['web', 'run/web.acme'],
  ['<img src=x onerror=alert(1)>', 'run/&lt;img src=x onerror=alert(1)&gt;.acme'],
  ['a &lt; b & c', 'run/a &amp;lt; b &amp; c.acme'],
  ['<a href="https://evil.io">sign in</a>', 'run/&lt;a href="https://evil.io"&gt;sign in&lt;/a&gt;.acme'],
])('the name %j is read in an annotation as it was written', (name, text) => {
  expect(textFor(name)).toBe(text);
});
