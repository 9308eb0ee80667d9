import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readConditionId, type ConditionId } from '../conditions/condition.ts';
import { removeTarget, setExecution } from './change-hooks.ts';
import { faultsOf } from './faults.ts';
import { flatten } from './flatten.ts';
import { executionsOf, type HooksOfScope, type Item, type TargetLike } from './hooks-of-scope.ts';
import { resolve } from './resolve.ts';

const webhook: TargetLike = { spec: { type: 'restWebhook' } };
const targets: Record<string, TargetLike> = {
  a: webhook,
  b: webhook,
  call: { spec: { type: 'restCall' } },
  later: { spec: { type: 'restAsync' } },
};
const target = (id: string): Item => ({ target: id });
const include = (id: ConditionId): Item => ({ include: id });
const hooks = (executions: HooksOfScope['executions']): HooksOfScope => ({ targets, executions });
const codes = (executions: HooksOfScope['executions']): string[] => faultsOf(hooks(executions)).map(({ code }) => code);

test('the most exact execution wins alone', () => {
  const all = hooks({ 'request:*': [target('a')], 'request:x.S': [target('b')], 'request:/x.S/M': [target('call')] });
  const called = (method: string): string[] =>
    resolve(all, { phase: 'request', method })?.targets.map(([id]) => id) ?? [];
  expect(called('/x.S/M')).toEqual(['call']);
  expect(called('/x.S/Other')).toEqual(['b']);
  expect(called('/x.Server/M')).toEqual(['a']);
  expect(resolve(all, { phase: 'response', method: '/x.S/M' })).toBeNull();
});

test('an include runs where it stands, and a target as often as it occurs', () => {
  const all = hooks({
    'event:*': [target('a'), target('b')],
    'event:x': [target('a'), include('event:*'), target('a')],
  });
  expect(flatten(all, 'event:x')).toEqual(['a', 'a', 'b', 'a']);
});

test('targets that are not there are all named at once', () => {
  expect(faultsOf(hooks({ 'event:*': [target('x'), target('y'), target('x'), target('constructor')] }))).toEqual([
    { code: 'hook_target_unknown', sentence: "there are no targets 'x', 'y', 'constructor'" },
  ]);
});

test('an include of what is not there, or of another phase, is refused', () => {
  expect(codes({ 'request:*': [include('request:x.S')] })).toEqual(['hook_include_unknown']);
  expect(codes({ 'request:*': [target('a')], 'response:*': [include('request:*')] })).toEqual(['hook_include_unknown']);
});

test('an include of itself, or of what leads back, is refused', () => {
  expect(codes({ 'request:*': [include('request:*')] })).toEqual(['hook_include_circular']);
  expect(codes({ 'request:*': [include('request:x.S')], 'request:x.S': [include('request:*')] })).toEqual([
    'hook_include_circular',
    'hook_include_circular',
  ]);
});

test('two hops are taken, three are not, from whichever end they come about', () => {
  const two = {
    'event:*': [target('a')],
    'event:x.*': [include('event:*')],
    'event:x.y': [include('event:x.*')],
  } as const;
  expect(codes(two)).toEqual([]);
  expect(codes({ ...two, 'event:z': [include('event:x.y')] })).toEqual(['hook_include_too_deep']);
  // The lowest one gets an include of its own: it is the highest that becomes too deep.
  expect(faultsOf(hooks({ ...two, 'event:*': [include('event:w')], 'event:w': [target('a')] }))).toEqual([
    {
      code: 'hook_include_too_deep',
      sentence: 'event:x.y includes over more than 2 hops: event:x.y → event:x.* → event:* → event:w',
    },
  ]);
});

test('an execution comes to fifty targets at most, includes counted', () => {
  const many = Array.from({ length: 25 }, () => target('a'));
  const doubled = [include('event:*'), include('event:*')];
  expect(codes({ 'event:*': many, 'event:x': doubled })).toEqual([]);
  expect(codes({ 'event:*': many, 'event:x': [...doubled, target('a')] })).toEqual(['hook_list_too_long']);
});

test('events are told to targets that answer nothing', () => {
  expect(codes({ 'event:*': [target('a'), target('later')] })).toEqual([]);
  expect(codes({ 'event:*': [target('call')] })).toEqual(['hook_target_unfit']);
});

test('an empty list removes an execution, unless another includes it', () => {
  const before = hooks({ 'event:*': [target('a')], 'event:x': [include('event:*')] });
  expect(() => setExecution(before, 'event:*', [])).toThrow("event:* can't be removed: event:x includes it.");
  expect(executionsOf(setExecution(before, 'event:x', []))).toEqual([['event:*', [target('a')]]]);
  expect(setExecution(before, 'event:none', [])).toEqual(before);
});

test('what fell back to the wider condition is what the exact one hid', () => {
  const before = hooks({ 'event:*': [target('a')], 'event:x.y': [target('b')] });
  const after = setExecution(before, 'event:x.y', []);
  expect(resolve(after, { phase: 'event', event: 'x.y' })?.condition).toBe('event:*');
});

test('a target that is removed is taken out of every execution; one that has nothing left goes with its includes', () => {
  const before = hooks({
    'event:*': [target('a')],
    'event:x.*': [include('event:*')],
    'event:x.y': [include('event:x.*'), target('b'), target('a')],
  });
  const after = removeTarget(before, 'a');
  expect(Object.keys(after.targets)).not.toContain('a');
  expect(after.executions).toEqual({ 'event:x.y': [target('b')] });
  expect(faultsOf(after)).toEqual([]);
});

const conditionIds = ['event:*', 'event:a.*', 'event:a.b', 'event:a.c', 'event:d'].map((it) => {
  const id = readConditionId(it);
  if (id === null) throw new Error(it);
  return id;
});
const items = fc.array(
  fc.oneof(fc.constantFrom('a', 'b', 'later').map(target), fc.constantFrom(...conditionIds).map(include)),
  { maxLength: 4 },
);

test('whatever is set and removed in whatever order, what is kept has no fault and no empty list', () => {
  const step = fc.oneof(
    fc.record({ on: fc.constantFrom(...conditionIds), items }),
    fc.record({ remove: fc.constantFrom('a', 'b') }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
      let kept = hooks({});
      for (const it of steps) {
        try {
          const next = 'on' in it ? setExecution(kept, it.on, it.items) : removeTarget(kept, it.remove);
          if ('remove' in it || faultsOf(next).length === 0) kept = next;
        } catch {
          // Refused: nothing is kept of it.
        }
        expect(faultsOf(kept)).toEqual([]);
        for (const [id, list] of executionsOf(kept)) {
          expect(list.length).toBeGreaterThan(0);
          expect(flatten(kept, id).length).toBeGreaterThan(0);
          expect(flatten(kept, id).length).toBeLessThanOrEqual(50);
        }
      }
    }),
    { numRuns: 200 },
  );
});
