/** What ends a line for the runner, for a terminal or for JavaScript. */
const lineBreaks = /[\r\n\u0085\u2028\u2029]/g;

const percent = (character: string): string => encodeURIComponent(character);

/**
 * Words from outside as one line of a job's log. The runner obeys a line that begins with `::`, and an older form, `##[`, anywhere in
 * it; so neither is left, and nothing makes a new line (GitHub Docs, "Workflow commands for GitHub Actions"; the runner's
 * ActionCommand.cs).
 */
export const escapeCommands = (text: string): string =>
  text
    .replaceAll('%', '%25')
    .replace(lineBreaks, percent)
    .replace(/[\u0000-\u001f\u007f-\u009f]/g, percent)
    .replaceAll('::', ':%3A')
    .replaceAll('##[', '##%5B');
