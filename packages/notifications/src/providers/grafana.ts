import { boundMetadata } from '../event/bound-metadata.ts';
import { objectLine } from '../event/describe.ts';
import { sortedEntries, type NotificationEvent } from '../event/notification-event.ts';
import { bytesOf, fit, shorten } from '../event/shorten.ts';
import { webhookNeeds, type ProviderType } from './provider-type.ts';
import { judgeWrite } from './read-answer.ts';
import { basic, bearer, once, postJson } from './request.ts';

/** Of all tags as JSON: what Grafana takes unless `tags_length` of its configuration says more ("Configure Grafana", annotations). */
const mostTagBytes = 500;
/** Of a tag that says what it is about: all five have room. */
const mostOfOne = 90;
const mostText = 2000;

/** An annotation of Grafana. With both user name and token, the token wins. */
export const grafana: ProviderType = {
  type: 'grafana',
  needs: { ...webhookNeeds, username: 'optional', password: 'optional', token: 'optional' },
  gate: 'messages',
  limits: [
    { of: 'title', most: mostText, unit: 'characters' },
    { of: 'all tags', most: mostTagBytes, unit: 'bytes' },
  ],
  taken: 'noPage',
  exchange(event, { address, username, password, token, truncate }, nowMs) {
    // Grafana shows it as HTML, and takes out what it does not like: what was written is to be read as it was written.
    const text = (truncate ? shorten(objectLine(event), mostText) : objectLine(event)).replace(/[&<>]/g, entityOf);
    const at = Date.parse(event.timestamp ?? '');
    const body = {
      // In seconds: Grafana reads `time`, not `when`, and takes the time of arrival.
      when: Math.floor((Number.isNaN(at) ? nowMs : at) / 1000),
      text,
      tags: tagsOf(event, truncate),
    };
    const headers =
      token !== '' ? bearer(token) : username !== '' && password !== '' ? [basic(username, password)] : [];
    return once(postJson(address, body, headers), judgeWrite);
  },
};

function tagsOf(event: NotificationEvent, truncate: boolean): string[] {
  const { kind = '', name = '', namespace = '' } = event.involvedObject;
  const all = ['flux', event.reportingController, `kind: ${kind}`, `name: ${name}`, `namespace: ${namespace}`];
  const fixed = truncate && jsonBytes(all) > mostTagBytes ? all.map((tag) => fit(tag, jsonBytes, mostOfOne)) : all;
  // A pair has a fifth more as a tag than as metadata, at most.
  const room = Math.max(0, Math.floor((mostTagBytes - jsonBytes(fixed)) * 0.8));
  const { metadata } = truncate ? boundMetadata(event, room) : event;
  const pairs = sortedEntries(metadata).map(([key, value]) => `${plain(key)}: ${plain(value)}`);
  return [...fixed.slice(0, 2), ...pairs, ...fixed.slice(2)];
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const entityOf = (character: string): string => entities[character] ?? character;

const jsonBytes = (value: unknown): number => bytesOf(JSON.stringify(value));
const plain = (text: string): string => text.replaceAll(':', '|');
