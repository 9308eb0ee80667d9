import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { DataDirectoryError } from '../data-directory-error.ts';
import { ownSecret, providedSecret } from './assert-private.ts';
import { faultyFiles } from './faulty-files.ts';
import { systemFiles } from './file-system.ts';
import { keepSecretFile } from './keep-secret-file.ts';

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'zekt-secret-'));
  path = join(directory, 'token');
});
afterEach(() => rmSync(directory, { recursive: true }));

const self = process.geteuid?.() ?? 0;
const keep = ({ privacy = ownSecret, files = systemFiles, user = self } = {}): string =>
  keepSecretFile(
    { path, what: 'The token', form: /^[a-z]{8}$/, wanted: '8 letters', wayOut: 'delete it.', privacy },
    () => 'abcdefgh',
    files,
    () => user,
  );

test('it is made once, for its owner alone, and read from then on', () => {
  expect(keep()).toBe('abcdefgh');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  writeFileSync(path, 'zyxwvuts\n');
  expect(keep()).toBe('zyxwvuts');
});

test.each([
  ['empty', ''],
  ['blank', ' \n'],
  ['cut off', 'abc'],
  ['garbage', '\0\0\0\0\0\0\0\0'],
])('one that is %s is refused by name with the way out, and not replaced', (_, content) => {
  writeFileSync(path, content, { mode: 0o600 });
  expect(() => keep()).toThrow(DataDirectoryError);
  expect(() => keep()).toThrow(`The token '${path}' is damaged: it must hold 8 letters`);
  expect(() => keep()).toThrow('Restore it from a backup. Without a backup: delete it.');
  expect(readFileSync(path, 'utf8')).toBe(content);
});

test.each([0o640, 0o604, 0o660, 0o666])('one of mode %d, which others may use, is refused with the command', (mode) => {
  writeFileSync(path, 'abcdefgh');
  chmodSync(path, mode);
  expect(() => keep()).toThrow(`is owned by user ${self} and has mode 0${mode.toString(8)}`);
  expect(() => keep()).toThrow(`chmod 600 '${path}'`);
  expect(statSync(path).mode & 0o777).toBe(mode);
});

test('one that another user owns is refused', () => {
  keep();
  expect(() => keep({ user: self + 1 })).toThrow(`but Zekt runs as user ${self + 1}`);
});

test('a link in the data directory is refused, wherever it leads', () => {
  writeFileSync(join(directory, 'elsewhere'), 'abcdefgh', { mode: 0o600 });
  symlinkSync(join(directory, 'elsewhere'), path);
  expect(() => keep()).toThrow('is a symbolic link');
});

test('an administrator may provide one by a link, as root, readable by the group of the service', () => {
  writeFileSync(join(directory, 'elsewhere'), 'abcdefgh');
  chmodSync(join(directory, 'elsewhere'), 0o440);
  symlinkSync(join(directory, 'elsewhere'), path);
  const files = { ...systemFiles, statSync: ((it) => Object.assign(statSync(it), { uid: 0 })) as typeof statSync };
  expect(keep({ privacy: providedSecret, files, user: 1000 })).toBe('abcdefgh');
  chmodSync(join(directory, 'elsewhere'), 0o444);
  expect(() => keep({ privacy: providedSecret, files, user: 1000 })).toThrow('other users can read it');
  chmodSync(join(directory, 'elsewhere'), 0o460);
  expect(() => keep({ privacy: providedSecret, files, user: 1000 })).toThrow('other users can change it');
});

test.each(['ENOSPC', 'EIO', 'EACCES'])('%s while it is made leaves none or a whole one', (code) => {
  for (let step = 0; step < 6; step += 1) {
    expect(() => keep({ files: faultyFiles(step, code).files })).toThrow(code);
    if (existsSync(path)) expect(readFileSync(path, 'utf8')).toBe('abcdefgh\n');
    expect(keep()).toBe('abcdefgh');
    rmSync(path);
  }
});
