import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { faultyFiles } from './faulty-files.ts';
import { writeDurably } from './write-durably.ts';

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'zekt-write-'));
  path = join(directory, 'kept');
});
afterEach(() => rmSync(directory, { recursive: true }));

test('the content is synced before it has its name, and the name after that', () => {
  const { files, taken } = faultyFiles();
  writeDurably(path, 'new', files);
  expect(taken).toEqual(['openSync', 'writeFileSync', 'fsyncSync', 'renameSync', 'openSync', 'fsyncSync']);
  expect(readFileSync(path, 'utf8')).toBe('new');
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test.each(['ENOSPC', 'EIO', 'EACCES'])('%s at any step leaves the old content or the new, and no draft', (code) => {
  for (let step = 0; step < 6; step += 1) {
    writeFileSync(path, 'old');
    expect(() => writeDurably(path, 'new', faultyFiles(step, code).files)).toThrow(code);
    // From the rename on, the new content is there.
    expect([step, readFileSync(path, 'utf8')]).toEqual([step, step < 4 ? 'old' : 'new']);
    expect(readdirSync(directory)).toEqual(['kept']);
  }
});
