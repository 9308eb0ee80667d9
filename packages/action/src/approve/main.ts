import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { getInput, getState, info, saveState, setFailed, setOutput, setSecret, summary, warning } from '@actions/core';
import manifest from '../../package.json' with { type: 'json' };
import { wordsFromOutside } from '../words-from-outside.ts';
import { sendOverHttp } from '../http.ts';
import { systemPatience } from '../retry.ts';
import { approve, idState } from './approve.ts';
import type { ApproveRunner } from './approve-runner.ts';
import { withdraw } from './withdraw.ts';

const { env } = process;

/** The event's payload; empty where the runner gives none. */
function readEvent(): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(readFileSync(env.GITHUB_EVENT_PATH ?? '', 'utf8')) as Record<string, unknown>;
  } catch {
    return {};
  }
}

const runner: ApproveRunner = {
  repository: env.GITHUB_REPOSITORY ?? '',
  eventName: env.GITHUB_EVENT_NAME ?? '',
  actor: env.GITHUB_ACTOR ?? '',
  event: readEvent(),
  getInput: (name) => getInput(name),
  setOutput,
  saveState,
  setSecret,
  writeSummary: async (markdown) => {
    await summary.addRaw(markdown).write();
  },
  info: (message) => info(wordsFromOutside(message)),
  warning,
  setFailed,
  tokenSource: { requestUrl: env.ACTIONS_ID_TOKEN_REQUEST_URL, requestToken: env.ACTIONS_ID_TOKEN_REQUEST_TOKEN },
  send: sendOverHttp(`zekt-action/${manifest.version}`),
  patience: systemPatience,
  newKey: randomUUID,
};

// Only the step's `post` finds what the step kept, and it runs only in a job that was cancelled.
const asked = getState(idState);
await (asked === '' ? approve(runner) : withdraw(runner, asked));
