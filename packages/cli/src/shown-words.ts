import { printable } from '@zekt/core';
import type { Environment } from '@zekt/host';

const asNumbers = (found: string): string =>
  found.replace(/[:[]$/, (last) => `\\u${last.charCodeAt(0).toString(16).padStart(4, '0')}`);

/**
 * Words of a server as commands show them to people: nothing is left that a terminal obeys, nor, in a job, what its runner obeys: lines that
 * begin with `::`, and `##[` anywhere (GitHub Docs, "Workflow commands for GitHub Actions"; the runner's ActionCommand.cs).
 */
export const shownWords = ({ GITHUB_ACTIONS: isInActions }: Environment): ((text: string) => string) =>
  isInActions === 'true' ? (text) => printable(text).replace(/^\s*:|::|##\[/g, asNumbers) : printable;
