import { randomUUID } from 'node:crypto';
import { debug, getInput, info, isDebug, setFailed, setOutput, setSecret, summary, warning } from '@actions/core';
import { context } from '@actions/github';
import manifest from '../package.json' with { type: 'json' };
import { wordsFromOutside } from './words-from-outside.ts';
import { sendOverHttp } from './http.ts';
import { systemPatience } from './retry.ts';
import { run } from './run.ts';

const { owner, repo } = context.repo;

await run(
  {
    repository: `${owner}/${repo}`,
    runId: String(context.runId),
    actor: context.actor,
    sha: context.sha,
    ref: context.ref,
    workflow: context.workflow,
    eventName: context.eventName,
    event: context.payload,
    runUrl: `${context.serverUrl}/${owner}/${repo}/actions/runs/${context.runId}`,
  },
  {
    getInput: (name) => getInput(name),
    setOutput,
    setSecret,
    writeSummary: async (markdown) => {
      await summary.addRaw(markdown).write();
    },
    info: (message) => info(wordsFromOutside(message)),
    debug,
    isDebug,
    warning,
    setFailed,
    tokenSource: {
      requestUrl: process.env.ACTIONS_ID_TOKEN_REQUEST_URL,
      requestToken: process.env.ACTIONS_ID_TOKEN_REQUEST_TOKEN,
    },
    send: sendOverHttp(`zekt-action/${manifest.version}`),
    patience: systemPatience,
    newKey: randomUUID,
    traceparent: process.env.TRACEPARENT,
  },
);
