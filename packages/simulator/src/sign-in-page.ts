const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** Where a simulated provider asks who it is: a button for each person it knows. `query` is kept for the way back. */
export function signInPage(title: string, action: string, query: URLSearchParams, people: readonly string[]): string {
  const hidden = [...query].map(
    ([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`,
  );
  const buttons = people.map(
    (person) => `<button name="as" value="${escapeHtml(person)}">${escapeHtml(person)}</button>`,
  );
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${escapeHtml(title)}</title>
<h1>${escapeHtml(title)} (simulated)</h1><form method="get" action="${escapeHtml(action)}">${hidden.join('')}
<p>Continue as</p>${buttons.join(' ')}</form></html>`;
}
