import { expect, test } from '@jest/globals';
import { renderSummary } from './summary.ts';

const render = (reason: string, runUrl = 'https://github.com/acme/requests/actions/runs/1'): string =>
  renderSummary({
    message: {
      eventType: 'ordered',
      repository: 'acme/requests',
      runId: '1',
      actor: 'mona',
      sha: '',
      ref: '',
      workflow: '',
      payload: '{}',
      stepReference: null,
    },
    runUrl,
    result: { kind: 'failed', reason },
  });

test.each([
  '<img src=x>',
  '![pixel](https://evil.example/p.png)',
  '[click](https://evil.example)',
  'see https://evil.example',
  '**bold** _it_ ~~gone~~ `code`',
  'x | y\r\n| a | b |\n# heading',
])('what a server says is text in the summary, and no mark-up: %j', (reason) => {
  const [row] = render(reason)
    .split('\n')
    .filter((line) => line.startsWith('| Reason'));
  const cell = (row ?? '').slice('| Reason | '.length, -2).replaceAll('<br>', '');
  expect(cell).not.toMatch(/[<>"'|`[\]!*_~\\]|:\/\/|^#/);
  expect(render(reason).split('\n')).toHaveLength(render('x').split('\n').length);
});

test('a link leads to a page, whatever the address says', () => {
  expect(render('x')).toContain('<a href="https://github.com/acme/requests/actions/runs/1">1</a>');
  expect(render('x', 'javascript:alert(1)')).not.toContain('href');
  expect(render('x', 'https://e.example/"onclick="x')).not.toContain('"onclick');
});
