import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readWorkflowRef, withoutRef } from './workflow-path.ts';

const order = '.github/workflows/order.yaml';

describe('the claim workflow_ref', () => {
  test.each([
    ['a branch', `acme/requests/${order}@refs/heads/main`, order],
    ['a branch whose name holds @', `acme/requests/${order}@refs/heads/renovate/@types/node@24`, order],
    ['a branch that looks like a ref', `acme/requests/${order}@refs/heads/x@refs/heads/main`, order],
    ['a pull request', `acme/requests/${order}@refs/pull/7/merge`, order],
    ['a file that only begins like another', `acme/requests/${order}@evil.yaml@refs/heads/main`, `${order}@evil.yaml`],
  ])('%s', (_, workflowRef, path) => {
    expect(readWorkflowRef(workflowRef)).toEqual({ repository: 'acme/requests', path });
  });

  test.each([
    ['no ref', `acme/requests/${order}`],
    ['a short ref', `acme/requests/${order}@main`],
    ['an empty ref', `acme/requests/${order}@refs/`],
    ['no repository', `${order}@refs/heads/main`],
    ['a file that is elsewhere', 'acme/requests/order.yaml@refs/heads/main'],
    ['a folder that looks like a file at a ref', `acme/requests/${order}@evil/x.yaml@refs/heads/main`],
    ['nothing', ''],
  ])('%s is refused', (_, workflowRef) => {
    expect(readWorkflowRef(workflowRef)).toBeNull();
  });
});

describe('the path in a webhook', () => {
  test.each([
    [order, order],
    [`${order}@main`, order],
    [`${order}@feature/a@b`, order],
    [`${order}@refs/heads/main`, order],
    [`${order}@refs/heads/release.yaml`, order],
    [`${order}@refs/heads/a@b`, order],
    [`octo-org/octo-repo/${order}@1595d4b6de6a9e9751fb270a41019ce507d4099e`, `octo-org/octo-repo/${order}`],
    [`${order}@evil.yaml`, `${order}@evil.yaml`],
    [`${order}@evil.yaml@main`, `${order}@evil.yaml`],
    [`${order}@evil.yaml@refs/heads/main`, `${order}@evil.yaml`],
    ['dynamic/pages/pages-build-deployment', 'dynamic/pages/pages-build-deployment'],
  ])('%s is %s', (path, expected) => {
    expect(withoutRef(path)).toBe(expected);
  });
});

describe('whatever file and branch are called', () => {
  const tricky = fc.array(fc.constantFrom('@', 'refs', 'heads', '.yaml', '.yml', 'a', '-'), {
    minLength: 1,
    maxLength: 6,
  });
  const file = tricky.map((parts) => `.github/workflows/${parts.join('')}.yaml`);
  const branch = fc
    .array(
      tricky.map((parts) => parts.join('')),
      { minLength: 1, maxLength: 4 },
    )
    .map((parts) => parts.join('/'));

  test('the claim gives the very file that ran', () => {
    fc.assert(
      fc.property(file, branch, (path, name) => {
        const found = readWorkflowRef(`acme/requests/${path}@refs/heads/${name}`);
        expect(found).toEqual({ repository: 'acme/requests', path });
      }),
    );
  });

  test('a webhook gives it with its full ref and without', () => {
    fc.assert(
      fc.property(file, branch, (path, name) => {
        expect(withoutRef(path)).toBe(path);
        expect(withoutRef(`${path}@refs/heads/${name}`)).toBe(path);
      }),
    );
  });
});
