import { describe, expect, test } from '@jest/globals';
import type { AlertSpec } from '@zekt/contracts';
import { openEmbedded } from '@zekt/embedded';
import type { NotificationEvent } from '../event/notification-event.ts';
import { providerTypes } from '../providers/table.ts';
import { gateReason } from './gate.ts';
import { putAlert } from './alert-document.ts';
import { matchesAlert, patternProblem } from './match-alert.ts';
import { renderMessage, templateProblem } from './render-template.ts';

const event = (changes: Partial<NotificationEvent> = {}): NotificationEvent => ({
  involvedObject: {
    kind: 'Kustomization',
    namespace: 'apps',
    name: 'web',
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
  },
  severity: 'info',
  timestamp: '2031-02-03T04:05:06Z',
  message: 'Health check passed in 31.2s',
  reason: 'Succeeded',
  metadata: { 'kustomize.toolkit.fluxcd.io/team': 'shop' },
  reportingController: 'kustomize-controller',
  ...changes,
});
const spec = (changes: Partial<AlertSpec> = {}): AlertSpec => ({
  providerRef: { name: 'slack' },
  eventSources: [{ kind: 'Kustomization', name: '*', namespace: 'apps' }],
  ...changes,
});
const source = (changes: object) =>
  spec({ eventSources: [{ kind: 'Kustomization', name: '*', namespace: 'apps', ...changes }] });

describe('matching', () => {
  test.each<[string, AlertSpec, Partial<NotificationEvent>, boolean]>([
    ['any name', spec(), {}, true],
    ['its name', source({ name: 'web' }), {}, true],
    ['another name', source({ name: 'db' }), {}, false],
    ['another kind', source({ kind: 'HelmRelease' }), {}, false],
    ['another namespace', source({ namespace: 'infra' }), {}, false],
    ['any namespace', source({ namespace: '*' }), {}, true],
    ['a label', source({ matchLabels: { team: 'shop' } }), {}, true],
    ['another label', source({ matchLabels: { team: 'ops' } }), {}, false],
    [
      'one of several sources',
      spec({ eventSources: [{ kind: 'GitRepository', name: '*', namespace: 'apps' }, ...spec().eventSources] }),
      {},
      true,
    ],
    ['info lets everything pass', spec({ eventSeverity: 'info' }), { severity: 'error' }, true],
    ['error lets errors pass', spec({ eventSeverity: 'error' }), { severity: 'error' }, true],
    ['error lets nothing else pass', spec({ eventSeverity: 'error' }), {}, false],
    ['included', spec({ inclusionList: ['nothing', 'check.*passed'] }), {}, true],
    ['not included', spec({ inclusionList: ['^passed'] }), {}, false],
    ['an invalid expression is passed over', spec({ inclusionList: ['(', 'passed'] }), {}, true],
    ['excluded, though included', spec({ inclusionList: ['.*'], exclusionList: ['Health check'] }), {}, false],
    ['suspended', spec({ suspend: true }), {}, false],
  ])('%s', (_, alert, changes, matches) => {
    expect(matchesAlert(event(changes), alert)).toBe(matches);
  });

  test('expressions are RE2: no look-behind, and no time that grows without end', () => {
    expect(patternProblem('(?<=a)b')).toContain("'(?<=a)b' is no RE2 expression");
    expect(patternProblem('(?i)health\\s+CHECK')).toBeNull();
    expect(matchesAlert(event({ message: `${'a'.repeat(30_000)}!` }), spec({ inclusionList: ['(a+)+$'] }))).toBe(false);
  });

  test('of a long message, the beginning and the end are searched', () => {
    const long = event({ message: `first ${'x'.repeat(39_000)} last` });
    for (const pattern of ['^first', 'last$', 'first.*last'])
      expect(matchesAlert(long, spec({ inclusionList: [pattern] }))).toBe(true);
  });

  test('an expression that is large with its repetitions written out is never compiled', () => {
    for (const pattern of [
      '(?:[ab]{400}){1000}',
      '(x{40}){40}',
      `(?:${'[ab]'.repeat(300)}){50}`,
      '((a{10,100}){2}){10}',
    ])
      expect(patternProblem(pattern)).toContain('is too large');
    for (const pattern of ['[0-9a-f]{40}.*[0-9a-f]{64}', '[]a{9}]', 'a{1,', '(a|b){2,}'])
      expect(patternProblem(pattern) ?? '').not.toContain('is too large');
  });

  test('an alert whose expressions are too large together is refused', async () => {
    const { store } = openEmbedded(':memory:');
    const put = (count: number) => {
      const inclusionList = Array.from({ length: count }, (_, index) => `${index}x{90}`);
      const metadata = { name: 'large' };
      return putAlert(
        { store, github: null as never, issuer: '', nowMs: 0, dryRun: false },
        { apiVersion: 'zekt.dev/v1', kind: 'Alert', metadata, spec: spec({ inclusionList }) },
      );
    };
    await expect(put(20)).resolves.toMatchObject({ action: 'created' });
    await expect(put(60)).rejects.toThrow("'inclusionList' and 'exclusionList' are too large");
  });
});

describe('gates', () => {
  const gate = (type: string, changes: Partial<NotificationEvent> = {}): string | null => {
    const found = providerTypes.get(type);
    if (!found) throw new Error(type);
    return gateReason(event(changes), found);
  };
  const update = { metadata: { 'kustomize.toolkit.fluxcd.io/commit_status': 'update' } };
  const commit = { metadata: { 'event.toolkit.fluxcd.io/commit': 'abc' } };

  test('commit statuses take commits, updates and errors', () => {
    for (const type of ['github', 'gitlab', 'gitea', 'bitbucket', 'bitbucketserver', 'azuredevops']) {
      expect(gate(type)).toBe('it takes events that name a commit, and errors');
      expect(gate(type, commit)).toBeNull();
      expect(gate(type, update)).toBeNull();
      expect(gate(type, { severity: 'error' })).toBeNull();
    }
  });

  test('updates of statuses are for them, and for generic, alone', () => {
    expect(gate('slack', update)).not.toBeNull();
    expect(gate('githubdispatch', update)).not.toBeNull();
    expect(gate('generic', update)).toBeNull();
    expect(gate('generic-hmac', update)).toBeNull();
  });

  test('comments need a change request, set at the object', () => {
    expect(gate('githubpullrequestcomment')).not.toBeNull();
    expect(
      gate('githubpullrequestcomment', { metadata: { 'event.toolkit.fluxcd.io/change_request': '1' } }),
    ).toBeNull();
    expect(
      gate('githubpullrequestcomment', { metadata: { 'kustomize.toolkit.fluxcd.io/change_request': '1' } }),
    ).not.toBeNull();
  });

  test('what is still going on is no news to some', () => {
    const progressing = { ...commit, reason: 'Progressing' };
    for (const type of ['github', 'gitlab', 'bitbucket', 'bitbucketserver', 'azuredevops', 'pagerduty', 'incident.io'])
      expect(gate(type, progressing)).not.toBeNull();
    for (const type of ['gitea', 'slack', 'githubdispatch']) expect(gate(type, progressing)).toBeNull();
  });
});

describe('templates', () => {
  const render = (template: string) => renderMessage(template, event(), { name: 'on-call' }).message;

  test('say what they want of an event', () => {
    expect(render('{{ event.involvedObject.name | upcase }} by {{ alert.name }}: {{ event.message }}')).toBe(
      'WEB by on-call: Health check passed in 31.2s',
    );
    expect(render('{% if event.severity == "error" %}bad{% else %}good{% endif %}')).toBe('good');
  });

  test('one that fails, or says nothing, leaves the message as it is', () => {
    expect(render('   ')).toBe(event().message);
    const endless = '{% for i in (1..100000) %}{% for j in (1..100000) %}x{% endfor %}{% endfor %}';
    const { message, problem } = renderMessage(endless, event(), {});
    expect(message).toBe(event().message);
    expect(problem).toMatch(/limit/);
  });

  test.each([
    "where_exp: 'i', 'i == 1'",
    "group_by_exp: 'i', 'i'",
    "where: 'size', 1",
    'sort_natural',
    "map: 'size'",
    'uniq',
    'concat: x',
  ])('a long list is no work for a filter: %s', (filter) => {
    const template = `{% assign x = event.message | split: "" %}{{ x | ${filter} | size }}`;
    const { problem } = renderMessage(template, event({ message: 'ab'.repeat(10_000) }), {});
    expect(problem).toContain('a list has more than 1000 members');
    expect(renderMessage(template, event({ message: 'ab'.repeat(200) }), {}).problem).toBeNull();
  });

  test('neither prototypes nor files nor other templates', () => {
    expect(render('[{{ event.constructor }}{{ event.message.constructor.constructor }}{{ event.__proto__ }}]')).toBe(
      '[]',
    );
    for (const template of ['{% include "x" %}', "{%- render '/etc/passwd' -%}", '{% layout "x" %}'])
      expect(templateProblem(template)).toBe("'template' can't use other templates");
    expect(templateProblem('{{ event.message | nosuchfilter }}')).toContain('nosuchfilter');
    expect(templateProblem('{% if %}')).toContain('is no Liquid template');
    expect(templateProblem('{{ event.message }}')).toBeNull();
  });
});
