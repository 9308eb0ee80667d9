import { expect, test } from '@jest/globals';
import { catalogueOf } from '../catalogue/catalogue.ts';
import type { ConditionId } from '../conditions/condition.ts';
import { faultsOf } from '../executions/faults.ts';
import { flatten } from '../executions/flatten.ts';
import type { HooksOfScope } from '../executions/hooks-of-scope.ts';
import { resolve } from '../executions/resolve.ts';
import { readHookMap, type ReadHookMap } from './read-hook-map.ts';

const userService = 'zitadel.user.v2.UserService';
const catalogue = catalogueOf(
  ['AddUser', 'ChangeUser', 'RemoveUser']
    .map((it) => `/${userService}/${it}`)
    .concat('/zitadel.org.v2.OrgService/AddOrg'),
  ['create_id_token'],
  ['project.added', 'project.role.added', 'projectx.y', 'project', 'user.added', 'user.removed'],
);

/** The example that ZITADEL's plan for targets and executions gave. */
const plan = {
  targets: {
    allow_list: { type: 'webhook', url: 'https://hooks.example/allow', timeout: '10s', Interrupt_on_error: true },
    allow_list_ignore_err: { type: 'webhook', url: 'https://hooks.example/allow', timeout: '10s' },
    call_counter: {
      type: 'webhook',
      async: true,
      url: 'https://hooks.example/count',
      timeout: '1s',
      Interrupt_on_error: true,
    },
    logger: { type: 'webhook', async: true, url: 'https://hooks.example/log' } as object,
    set_display_name: {
      type: 'request response',
      url: 'https://hooks.example/name',
      timeout: '1s',
      Interrupt_on_error: true,
    },
  },
  requests: {
    all_requests: { on: { all: true }, call: ['logger', 'allow_list'] },
    user_service: { on: { service: userService }, call: ['include all_requests', 'call_counter'] },
    change_user: { on: { method: `/${userService}/ChangeUser` }, call: ['all_requests'] },
    add_user: {
      on: { method: `/${userService}/AddUser` },
      call: ['set_display_name', { include: 'all_requests' }, { include: 'user_service' }],
    },
  },
  responses: {
    all_responses: { on: { all: true }, call: ['hook'] },
    user_service: { on: { service: userService }, call: ['include all_responses', 'hook'] },
    change_user: { on: { method: `/${userService}/ChangeUser` }, call: ['include all_responses', 'hook'] },
    add_user: { on: { method: `/${userService}/AddUser` }, call: ['include user_service', 'hook'] },
  },
  events: { 'project.*': ['handler', 'queue'], 'user.added': ['webhook1', 'webhook2'] },
  function: { create_id_token: ['hook'] },
};

const other = { type: 'webhook', url: 'https://hooks.example/other', timeout: '10s' };
const mended = {
  ...plan,
  targets: {
    ...plan.targets,
    logger: { ...plan.targets.logger, timeout: '5s' },
    ...Object.fromEntries(['hook', 'handler', 'queue', 'webhook1', 'webhook2'].map((id) => [id, other])),
  },
  requests: { ...plan.requests, change_user: { ...plan.requests.change_user, call: ['include all_requests'] } },
};

const hooksOf = ({ targets, executions }: ReadHookMap): HooksOfScope => ({
  targets: Object.fromEntries(targets.map(([id, spec]) => [id, { spec }])),
  executions: Object.fromEntries(executions),
});
const read = readHookMap(mended, catalogue);
const hooks = hooksOf(read);
const called = (trigger: Parameters<typeof resolve>[1]): string[] | undefined =>
  resolve(hooks, trigger)?.targets.map(([id]) => id);

test('the faults of the plan are named, all at once', () => {
  const found = readHookMap(plan, catalogue);
  expect(found.problems).toEqual([
    "target 'logger' has no timeout",
    "requests.change_user: 'all_requests' is an execution (requests.all_requests), not a target: include it",
  ]);
  const declared = Object.fromEntries(found.declared.map((id) => [id, { spec: { type: 'restWebhook' as const } }]));
  expect(faultsOf({ ...hooksOf(found), targets: declared })).toEqual([
    {
      code: 'hook_target_unknown',
      sentence: "there are no targets 'handler', 'queue', 'webhook1', 'webhook2', 'hook'",
    },
  ]);
});

test('mended, it has no fault, and says what is of no effect', () => {
  expect(read.problems).toEqual([]);
  expect(faultsOf(hooks)).toEqual([]);
  expect(read.notes).toEqual([
    ['call_counter', 'interruptOnError is ignored: a target that is not waited for stops nothing'],
  ]);
});

test('its targets are what their words mean', () => {
  expect(Object.fromEntries(read.targets)).toMatchObject({
    allow_list: { type: 'restWebhook', timeout: '10s', interruptOnError: true },
    allow_list_ignore_err: { type: 'restWebhook', timeout: '10s' },
    call_counter: { type: 'restAsync', timeout: '1s' },
    logger: { type: 'restAsync', timeout: '5s' },
    set_display_name: { type: 'restCall', timeout: '1s', interruptOnError: true },
  });
});

test.each([
  ['/zitadel.org.v2.OrgService/AddOrg', ['logger', 'allow_list']],
  [`/${userService}/RemoveUser`, ['logger', 'allow_list', 'call_counter']],
  [`/${userService}/ChangeUser`, ['logger', 'allow_list']],
  [`/${userService}/AddUser`, ['set_display_name', 'logger', 'allow_list', 'logger', 'allow_list', 'call_counter']],
])('a request of %s calls %j', (method, targets) => {
  expect(called({ phase: 'request', method })).toEqual(targets);
});

test.each([
  ['/zitadel.org.v2.OrgService/AddOrg', ['hook']],
  [`/${userService}/RemoveUser`, ['hook', 'hook']],
  [`/${userService}/ChangeUser`, ['hook', 'hook']],
  [`/${userService}/AddUser`, ['hook', 'hook', 'hook']],
])('a response of %s calls %j', (method, targets) => {
  expect(called({ phase: 'response', method })).toEqual(targets);
});

test.each([
  ['project.added', ['handler', 'queue']],
  ['project.role.added', ['handler', 'queue']],
  ['projectx.y', undefined],
  ['project', undefined],
  ['user.added', ['webhook1', 'webhook2']],
  ['user.removed', undefined],
])('the event %s calls %j', (event, targets) => {
  expect(called({ phase: 'event', event })).toEqual(targets);
});

test('the function calls its hook, and no other function does', () => {
  expect(called({ phase: 'function', name: 'create_id_token' })).toEqual(['hook']);
  expect(called({ phase: 'function', name: 'create_access_token' })).toBeUndefined();
});

test('the longest wait before the handler of AddUser is 21 s', () => {
  const waited = flatten(hooks, `request:/${userService}/AddUser` as ConditionId)
    .map((id) => Object.fromEntries(read.targets)[id])
    .filter((spec) => spec?.type !== 'restAsync')
    .reduce((sum, spec) => sum + Number.parseInt(spec?.timeout ?? '', 10), 0);
  expect(waited).toBe(21);
});

test('whatever else is wrong is said, and nothing is thrown', () => {
  const { problems } = readHookMap(
    {
      owner: 7,
      targets: {
        one: 'https://x',
        two: { type: 'nope', endpoint: 'https://x.example', timeout: '1s' },
        three: { type: 'async', url: 'https://x.example', timeout: '5m' },
      },
      requests: { gone: ['one'], all: ['include nobody', 7], RemoveUser: 'one' },
      events: [],
      surprises: {},
    },
    catalogue,
  );
  expect(problems).toEqual([
    "target 'one' is no map",
    expect.stringContaining("target 'two': 'spec.type' must be one of"),
    "target 'three': 'timeout' must be more than 0 and at most 270s; got '5m'",
    "requests.all: it includes 'nobody', which is not in requests",
    'requests.all: 7 is neither a target nor an include',
    'requests.RemoveUser has no list of what it calls',
    "'events' is no map",
    "there is no section 'surprises'",
    "'owner' is no text",
  ]);
});
