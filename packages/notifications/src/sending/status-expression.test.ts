import { expect, test } from '@jest/globals';
import type { NotificationEvent } from '../event/notification-event.ts';
import { evaluateStatusId, mostSteps, statusExpressionProblem } from './status-expression.ts';

const event: NotificationEvent = {
  involvedObject: { kind: 'Kustomization', namespace: 'flux-system', name: 'web' },
  severity: 'info',
  timestamp: '2031-02-03T04:05:06Z',
  message: 'Applied revision main@sha1:abc',
  reason: 'ReconciliationSucceeded',
  metadata: { env: 'prod', region: 'eu' },
  reportingController: 'kustomize-controller',
};
const alert = { metadata: { namespace: 'flux-system', name: 'all' }, spec: { eventSeverity: 'info' } };
const provider = {
  metadata: { uid: '0c9c2e41-d2f9-4f9b-9c41-bebc1984d67a', namespace: 'flux-system', name: 'github' },
  spec: { type: 'github', channel: 'main' },
};
const idOf = (expression: string, from: NotificationEvent = event): string =>
  evaluateStatusId(expression, from, alert, provider).statusId;
const problemOf = (expression: string): string => statusExpressionProblem(expression) ?? 'none';

test("the example of Flux's documents gives kind, name and the first part of the provider's uid", () => {
  const expression =
    "(event.involvedObject.kind + '/' + event.involvedObject.name + '/' + event.metadata.?env.orValue('none') + '/' + provider.metadata.uid.split('-').first().value()).lowerAscii()";
  expect(statusExpressionProblem(expression)).toBeNull();
  expect(idOf(expression)).toBe('kustomization/web/prod/0c9c2e41');
});

test.each([
  ["provider.metadata.uid.split('-').last().value()", 'bebc1984d67a'],
  ["[''].filter(x, x != '').first().orValue('none')", 'none'],
  ["event.metadata.?missing.orValue('d')", 'd'],
  ["event.metadata[?'env'].hasValue() ? 'yes' : 'no'", 'yes'],
  ["event.?involvedObject.?uid.or(optional.of('x')).value()", 'x'],
  ["optional.none().orValue('n')", 'n'],
  ["'a-b-c'.replace('-', '/')", 'a/b/c'],
  ["'a-b-c'.replace('-', '$&', 1)", 'a$&b-c'],
  ["'abc'.charAt(1) + 'abc'.charAt(3)", 'b'],
  [
    "'%s is %d, %.2f, %x, %X, %o, %b, %e, %s%%'.format(['a', 3, 2.5, 255, 'Zz', 8, 5, 1234.5, [1, 2]])",
    'a is 3, 2.50, ff, 5A7A, 10, 101, 1.234500e+03, [1, 2]%',
  ],
  ["'abc'.reverse() + strings.quote('a\"b')", 'cba"a\\"b"'],
  [
    "sets.contains([1, 2], [2]) && sets.intersects(['a'], ['a', 'b']) && sets.equivalent([1u], [1u, 1u]) && !sets.contains([1u], [2u]) ? 'y' : 'n'",
    'y',
  ],
  ["base64.encode(b'hello') + string(base64.decode('aGk='))", 'aGVsbG8=hi'],
  ["event.message.matches('sha1:[a-f]{3}$') && matches('abc', '^a') ? 'y' : 'n'", 'y'],
  ["['x', 'sha'].exists(x, x.matches('^s')) ? 'y' : 'n'", 'y'],
  ["string(duration('1h30m').getMinutes())", '90'],
  ['alert.metadata.name + alert.spec.eventSeverity + provider.spec.type', 'allinfogithub'],
])('%s gives %s', (expression, expected) => {
  expect(statusExpressionProblem(expression)).toBeNull();
  expect(idOf(expression)).toBe(expected);
});

test.each([
  ['event.(', 'it is no CEL expression'],
  ["event.metadata.?env.optMap(it, it + 'x').orValue('y')", "'optMap' is not supported here; use hasValue()"],
  ["event.metadata.?env.optFlatMap(it, optional.of(it)).orValue('y')", "'optFlatMap' is not supported here"],
  ['[?event.metadata.?env].join()', "'[?x]' is not supported here"],
  ["['a', ?event.metadata.?env].join()", "'[?x]' is not supported here"],
  ["event.message.nonsense('x')", "no matching overload for 'string.nonsense(string)'"],
  ['event.metdata.env', 'No such key: metdata'],
  ['event.message + 1', 'no such overload: string + int'],
  ['evnt.message', 'Unknown variable: evnt'],
  ['size(event.message)', 'it gives a value of type int, and must give a text'],
  ["provider.metadata.uid.split('-').first()", 'it gives a value of type optional<string>'],
  ["event.message.split('-').first().orValue(1)", 'must be compatible type'],
  ["event.message.matches('(a') ? 'a' : 'b'", "'(a' is no RE2 expression"],
  ["event.message.matches('(a{500}){10}') ? 'a' : 'b'", 'is too large'],
  [`'${'a'.repeat(2000)}'`, 'it has more than 2000 characters'],
  [`${'('.repeat(60)}event.message${')'.repeat(60)}`, 'it is no CEL expression'],
])('%s is refused before there is an event: %s', (expression, reason) => {
  expect(problemOf(expression)).toContain(reason);
});

const digits = `[${Array.from({ length: 100 }, (_, index) => index).join(', ')}]`;
const many = 'event.message.split("")';
test.each([
  ['nested comprehensions', `${digits}.map(a, ${digits}.map(b, ${digits}.map(c, 'x'))).size() > 0 ? 'a' : 'b'`],
  [
    'nested quantifiers, whose errors are swallowed',
    `${many}.exists(a, ${many}.exists(b, ${many}.exists(c, a + b == c + "!"))) ? 'a' : 'b'`,
  ],
  ['a text that doubles', `['aaaaaaaa']${'.map(a, a + a)'.repeat(40)}[0]`],
  ['a list that doubles', `[[1]]${'.map(a, a + a)'.repeat(40)}.size() > 0 ? 'a' : 'b'`],
  ['shared lists that are compared', `[${many}].map(a, [a, a, a, a]).map(a, [a, a, a, a]) == [] ? 'a' : 'b'`],
  ['a replacement that grows', `event.message.replace('', event.message)`],
  [
    'patterns made of the event',
    `${many}.map(c, event.message.matches(c + '(a|b|c){300}[^a]')).size() > 0 ? 'a' : 'b'`,
  ],
  ['a pattern that backtracks elsewhere', `${many}.all(c, event.message.matches('(a+)+$')) ? 'a' : 'b'`],
  ['time zones', `${digits}.map(a, timestamp(event.timestamp).getHours('Europe/Berlin')).size() > 0 ? 'a' : 'b'`],
  [
    'bindings that double',
    `cel.bind(a, ${many} + ${many}, cel.bind(b, a + a, cel.bind(c, b + b, c + c))).size() > 0 ? 'a' : 'b'`,
  ],
  ['sets of everything', `sets.contains(${many}, ${many}) ? 'a' : 'b'`],
])('an expression with %s ends when its steps are used up', (_, expression) => {
  expect(statusExpressionProblem(expression)).toBeNull();
  const hostile = { ...event, message: `${'a'.repeat(7000)}!` };
  expect(() => idOf(expression, hostile)).toThrow(`it takes more than ${mostSteps} steps`);
});

test("a pattern that makes JavaScript's own expressions backtrack for ever takes a step for each few characters", () => {
  const hostile = { ...event, message: `${'a'.repeat(7000)}!` };
  const { statusId, steps } = evaluateStatusId("event.message.matches('(a+)+$') ? 'y' : 'n'", hostile, alert, provider);
  expect(statusId).toBe('n');
  expect(steps).toBeLessThan(1000);
});

test('duration takes no text whose reading would take cubic time', () => {
  const hostile = { ...event, message: '1'.repeat(7000) };
  expect(() => idOf('string(duration(event.message).getHours())', hostile)).toThrow('short text');
});

test('a long message is shortened for an expression, which works', () => {
  expect(idOf('string(size(event.message))', { ...event, message: 'm'.repeat(39_000) })).toBe('8000');
});
