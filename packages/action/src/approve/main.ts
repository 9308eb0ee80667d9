import { randomUUID } from 'node:crypto';
import { getInput, info, setFailed, setOutput, setSecret, summary } from '@actions/core';
import manifest from '../../package.json' with { type: 'json' };
import { escapeCommands } from '../escape-commands.ts';
import { sendOverHttp } from '../http.ts';
import { systemPatience } from '../retry.ts';
import { approve } from './approve.ts';

const { env } = process;

await approve({
  repository: env.GITHUB_REPOSITORY ?? '',
  eventName: env.GITHUB_EVENT_NAME ?? '',
  actor: env.GITHUB_ACTOR ?? '',
  getInput: (name) => getInput(name),
  setOutput,
  setSecret,
  writeSummary: async (markdown) => {
    await summary.addRaw(markdown).write();
  },
  info: (message) => info(escapeCommands(message)),
  setFailed,
  tokenSource: { requestUrl: env.ACTIONS_ID_TOKEN_REQUEST_URL, requestToken: env.ACTIONS_ID_TOKEN_REQUEST_TOKEN },
  send: sendOverHttp(`zekt-action/${manifest.version}`),
  patience: systemPatience,
  newKey: randomUUID,
});
