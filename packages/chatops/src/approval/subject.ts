import type { ApprovalDocument } from './approval-document.ts';

/** Printable ASCII on one line, as a header takes it. */
export const asciiLine = (text: string, most: number): string => {
  const plain = text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/[^\x20-\x7e]+/g, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
  return plain.length > most ? `${plain.slice(0, most - 3).trimEnd()}...` : plain;
};

/** What is decided, as the beginning of a sentence that a header may hold. */
export function subjectOf({ title, environment, subscription }: ApprovalDocument): string {
  const name = asciiLine(title, 120);
  if (subscription) return `The subscription ${asciiLine(subscription.name, 64)}`;
  if (name === '') return 'The request';
  return environment === null ? `The request "${name}"` : `The deployment of ${name}`;
}
