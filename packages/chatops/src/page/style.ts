/** The style sheet of the pages: readable on a phone, in the dark, and with large letters. */
export const style = `:root {
  color-scheme: light dark;
  --ground: #f6f7f9; --paper: #ffffff; --ink: #1b1f24; --faint: #57606a; --line: #d0d7de;
  --accent: #0b57d0; --good: #14692f; --bad: #a4161a; --on: #ffffff;
}
@media (prefers-color-scheme: dark) {
  :root { --ground: #0d1117; --paper: #161b22; --ink: #e6edf3; --faint: #9da7b1; --line: #3d444d;
    --accent: #7ab4ff; --good: #56d364; --bad: #ff938a; --on: #0d1117; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 42rem; margin: 0 auto; padding: 1rem; }
article { background: var(--paper); border: 1px solid var(--line); border-radius: .75rem; padding: 1.25rem; overflow-wrap: anywhere; }
.brand { color: var(--faint); font-weight: 600; margin: .5rem 0 1rem; }
h1 { font-size: 1.375rem; line-height: 1.25; margin: 0 0 .25rem; }
h2 { font-size: 1.0625rem; margin: 1.5rem 0 .5rem; }
p { margin: .5rem 0; }
.where, .who { color: var(--faint); }
.text { white-space: pre-wrap; }
.state { display: inline-block; font-weight: 600; border: 1px solid currentColor; border-radius: 999px; padding: 0 .625rem; margin-bottom: .5rem; }
.approved { color: var(--good); }
.inDoubt { color: var(--accent); }
.rejected, .expired, .cancelled, .undelivered { color: var(--bad); }
.notice { border-left: .25rem solid var(--accent); padding: .25rem .75rem; background: var(--ground); }
.notice.problem { border-color: var(--bad); }
dl { display: grid; grid-template-columns: minmax(7rem, max-content) 1fr; gap: .375rem 1rem; margin: 1rem 0 0; }
dt { color: var(--faint); }
dd { margin: 0; }
dd.digest { font: .8125rem/1.6 ui-monospace, monospace; }
form { margin-top: 1rem; }
label { display: block; font-weight: 600; margin-bottom: .25rem; }
textarea { width: 100%; min-height: 4.5rem; font: inherit; color: inherit; background: var(--ground); border: 1px solid var(--faint); border-radius: .5rem; padding: .5rem; }
.buttons { display: flex; flex-wrap: wrap; gap: .75rem; margin-top: .75rem; }
button, .button { flex: 1 1 10rem; min-height: 2.75rem; font: inherit; font-weight: 600; text-align: center; text-decoration: none; border-radius: .5rem; border: 2px solid var(--accent); padding: .5rem 1rem; cursor: pointer; background: var(--paper); color: var(--accent); }
button.approve { background: var(--good); border-color: var(--good); color: var(--on); }
button.reject { border-color: var(--bad); color: var(--bad); }
button.plain { flex: none; min-height: 0; border: 0; padding: 0; font-weight: 400; text-decoration: underline; background: none; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
ol { padding-left: 1.25rem; }
@media (max-width: 26rem) { dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .5rem; } }
`;
