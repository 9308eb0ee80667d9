import { describe, expect, test } from '@jest/globals';
import type { HookCall, HookCondition, HookTargetSpec } from '@zekt/contracts';
import { catalogueOf } from '../catalogue/catalogue.ts';
import type { Trigger } from '../conditions/candidates.ts';
import { resolve } from '../executions/resolve.ts';
import { noHooks, type HooksDocument } from '../store/scope-hooks.ts';
import { executionOf } from './apply-hooks.ts';
import { planChange, type Planning, type WantedHooks } from './plan-change.ts';

const receiveEvent = '/zekt.event.v1.EventService/ReceiveEvent';
const subscriptions = '/zekt.subscription.v1.SubscriptionService';
const planning: Planning = {
  catalogue: catalogueOf(
    [
      receiveEvent,
      '/zekt.delivery.v1.DeliveryService/ConfirmDelivery',
      `${subscriptions}/ApproveSubscription`,
      `${subscriptions}/RejectSubscription`,
      '/zekt.orchestration.v1.OrchestrationService/SubmitOrchestration',
    ],
    ['prepolicy', 'preclientpayload'],
    ['delivery.failed', 'delivery.confirmed', 'run.completed'],
  ),
  nowMs: 1,
  keyIdOf: (target) => `key of ${target}`,
};

const spec = (type: HookTargetSpec['type'], timeout: string): HookTargetSpec => ({
  type,
  endpoint: 'https://hooks.example/',
  timeout,
});
const targets: WantedHooks['targets'] = [
  ['geo_guard', spec('restWebhook', '2s')],
  ['normalise', spec('restCall', '1s')],
  ['tracer', spec('restAsync', '5s')],
  ['freeze', spec('restCall', '1500ms')],
  ['add_context', spec('restCall', '1s')],
  ['mask', spec('restCall', '1s')],
  ['pager', spec('restWebhook', '10s')],
  ['ledger', spec('restWebhook', '10s')],
];
const executions: readonly (readonly [HookCondition, readonly HookCall[]])[] = [
  [
    { request: { method: receiveEvent } },
    [{ target: 'normalise' }, { include: { request: { service: 'zekt.event.v1.EventService' } } }],
  ],
  [
    { request: { service: 'zekt.event.v1.EventService' } },
    [{ include: { request: { all: true } } }, { target: 'geo_guard' }],
  ],
  [{ request: { all: true } }, [{ target: 'tracer' }]],
  [{ request: { method: `${subscriptions}/ApproveSubscription` } }, [{ target: 'freeze' }]],
  [{ response: { service: 'zekt.orchestration.v1.OrchestrationService' } }, [{ target: 'mask' }]],
  [{ function: { name: 'prepolicy' } }, [{ target: 'freeze' }]],
  [{ function: { name: 'preclientpayload' } }, [{ target: 'add_context' }]],
  [{ event: { event: 'delivery.failed' } }, [{ target: 'pager' }, { include: { event: { group: 'delivery' } } }]],
  [{ event: { group: 'delivery.*' } }, [{ target: 'ledger' }]],
];
const wanted: WantedHooks = {
  targets,
  executions: executions.map(([on, call]) => executionOf({ on, call: [...call] })),
};
const plan = (before: HooksDocument, change: Partial<WantedHooks>) =>
  planChange(before, { targets: [], executions: [], ...change }, planning);
const { after: hooks } = plan(noHooks, wanted);

const triggers: readonly (readonly [Trigger, readonly string[] | null])[] = [
  [{ phase: 'request', method: receiveEvent }, ['normalise', 'tracer', 'geo_guard']],
  [{ phase: 'request', method: `${subscriptions}/ApproveSubscription` }, ['freeze']],
  [{ phase: 'request', method: `${subscriptions}/RejectSubscription` }, ['tracer']],
  [{ phase: 'request', method: '/zekt.delivery.v1.DeliveryService/ConfirmDelivery' }, ['tracer']],
  [{ phase: 'response', method: '/zekt.orchestration.v1.OrchestrationService/SubmitOrchestration' }, ['mask']],
  [{ phase: 'response', method: receiveEvent }, null],
  [{ phase: 'function', name: 'prepolicy' }, ['freeze']],
  [{ phase: 'function', name: 'preclientpayload' }, ['add_context']],
  [{ phase: 'event', event: 'delivery.failed' }, ['pager', 'ledger']],
  [{ phase: 'event', event: 'delivery.confirmed' }, ['ledger']],
  [{ phase: 'event', event: 'run.completed' }, null],
];

test.each(triggers)('%j calls %j', (trigger, called) => {
  expect(resolve(hooks, trigger)?.targets.map(([id]) => id) ?? null).toEqual(called);
});

describe('a change', () => {
  test('that changes nothing is the same document', () => {
    const again = plan(hooks, wanted);
    expect(again.after).toBe(hooks);
    expect([...again.targets, ...again.executions].every(({ action }) => action === 'unchanged')).toBe(true);
  });

  test('of a target says what changed, and keeps its keys', () => {
    const { after, targets: applied } = plan(hooks, { targets: [['mask', spec('restCall', '2s')]] });
    expect(applied).toEqual([{ name: 'mask', action: 'updated', changes: ['timeout: "1s" -> "2s"'] }]);
    expect(after.targets.mask?.keys).toEqual(hooks.targets.mask?.keys);
  });

  test('removes an execution together with what included it', () => {
    const removed = executions.filter(([on]) => on.event).map(([on]) => executionOf({ on, call: [] }));
    expect(() => plan(hooks, { executions: removed.slice(1) })).toThrow('includes it');
    const { after } = plan(hooks, { executions: removed });
    expect(resolve(after, { phase: 'event', event: 'delivery.failed' })).toBeNull();
  });

  test('that names what does not exist is refused with all that it names', () => {
    const call = [{ target: 'nobody' }, { include: { request: { service: 'x.Y' } } }];
    expect(() => plan(hooks, { executions: [executionOf({ on: { request: { method: '/x.Y/Z' } }, call })] })).toThrow(
      "there is nothing that 'request:/x.Y/Z' names; there is no target 'nobody'; request:/x.Y/Z includes request:x.Y, and there is no such execution.",
    );
  });

  test('leaves alone what is stored for something that is there no more', () => {
    const smaller = { ...planning, catalogue: catalogueOf([], [], []) };
    const { after } = planChange(hooks, { targets: [['new', spec('restAsync', '1s')]], executions: [] }, smaller);
    expect(after.executions).toEqual(hooks.executions);
  });
});
