import { createHash } from 'node:crypto'

export interface Choice {
  id: string
  label: string
  detail: string
}

export interface ConsentPage {
  workspaceName: string
  workspaces: { name: string; href: string; current: boolean }[]
  people: Choice[]
  pages: Choice[]
  hidden: Record<string, string>
  returnsTo: string
}

function escapeHtml(text: string): string {
  const entities: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  }
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character)
}

const STYLE = `
:root { color-scheme: light dark; --ink: #1f1f1c; --soft: #5f5e59; --paper: #fff; --back: #f6f5f3; --line: #dedcd7; --accent: #1d6fd8; --on-accent: #fff }
@media (prefers-color-scheme: dark) { :root { --ink: #ececea; --soft: #b0aea8; --paper: #242422; --back: #191918; --line: #44433f; --accent: #7db4ff; --on-accent: #10233d } }
* { box-sizing: border-box }
body { margin: 0; padding: 2rem 1rem; background: var(--back); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif }
main { max-width: 34rem; margin: 0 auto; padding: 1.5rem; background: var(--paper); border: 1px solid var(--line); border-radius: .75rem }
h1 { font-size: 1.35rem; margin: 0 0 .5rem } p { margin: .5rem 0; color: var(--soft) }
nav { display: flex; flex-wrap: wrap; gap: .5rem; margin: 1rem 0 }
nav a { padding: .4rem .8rem; border: 1px solid var(--line); border-radius: 2rem; color: var(--ink); text-decoration: none }
nav a[aria-current] { border-color: var(--accent); color: var(--accent); font-weight: 600 }
fieldset { margin: 1rem 0; padding: .5rem 1rem; border: 1px solid var(--line); border-radius: .5rem; max-height: 20rem; overflow: auto }
legend, .who { font-weight: 600 } label { display: flex; gap: .6rem; align-items: baseline; padding: .35rem 0 }
small { color: var(--soft) } select { font: inherit; padding: .35rem; width: 100%; margin-top: .25rem; color: var(--ink); background: var(--paper); border: 1px solid var(--line); border-radius: .4rem }
.actions { display: flex; gap: .75rem; justify-content: flex-end; flex-wrap: wrap }
button { font: inherit; padding: .6rem 1.2rem; border-radius: .5rem; border: 1px solid var(--line); background: var(--paper); color: var(--ink); cursor: pointer }
button.go { background: var(--accent); border-color: var(--accent); color: var(--on-accent); font-weight: 600 }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
`

/** Headers that let the page use its own style and nothing else. */
export const PAGE_HEADERS: Record<string, string> = {
  'content-security-policy': `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; frame-ancestors 'none'; base-uri 'none'`,
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
}

function documentOf(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title><style>${STYLE}</style></head>
<body><main>${body}</main></body></html>`
}

/** The page that asks whether Roundup may see a workspace, and which pages of it. Works without JavaScript. */
export function consentHtml(page: ConsentPage): string {
  const workspaces = page.workspaces.map(
    ({ name, href, current }) =>
      `<a href="${escapeHtml(href)}"${current ? ' aria-current="true"' : ''}>${escapeHtml(name)}</a>`,
  )
  const people = page.people.map(({ id, label }) => `<option value="${id}">${escapeHtml(label)}</option>`)
  const pages = page.pages.map(
    ({ id, label, detail }) =>
      `<label><input type="checkbox" name="page_ids" value="${id}" checked><span>${escapeHtml(label)} <small>${escapeHtml(detail)}</small></span></label>`,
  )
  const hidden = Object.entries(page.hidden).map(
    ([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`,
  )
  return documentOf(
    `Connect Roundup to ${page.workspaceName}`,
    `<h1>Connect Roundup to ${escapeHtml(page.workspaceName)}</h1>
<p>This is the demo stand-in for Notion: nothing leaves your computer. Roundup would like to read the pages you share and tick the to-dos on them.</p>
<nav aria-label="Workspace">${workspaces.join('')}</nav>
<form method="post" action="/v1/oauth/authorize">${hidden.join('')}
<label class="who" for="user">Continue as</label><select id="user" name="user_id">${people.join('')}</select>
<fieldset><legend>Pages to share</legend>${pages.join('')}</fieldset>
<p>You will go back to ${escapeHtml(page.returnsTo)}.</p>
<div class="actions"><button name="decision" value="cancel">Cancel</button><button class="go" name="decision" value="approve">Approve</button></div>
</form>`,
  )
}

/** The page for a request that must not be sent back anywhere: its redirect address is not to be trusted. */
export function refusalHtml(reason: string): string {
  return documentOf(
    'Cannot connect',
    `<h1>Roundup cannot be connected</h1><p>${escapeHtml(reason)}</p><p>Go back to Roundup and start again.</p>`,
  )
}
