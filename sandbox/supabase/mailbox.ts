import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Pool } from 'pg'
import { sendJson } from './http.ts'

interface Mail {
  to: string
  subject: string
  code: string
  tokenHash: string
  link: string
  sentAt: string
}

const SHOWN_MAILS = 100
const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** `GET /_mail?to=`: the mails that would have been sent, newest first, as a page or as JSON. */
export async function showMailbox(
  request: IncomingMessage,
  response: ServerResponse,
  query: URLSearchParams,
  db: Pool,
): Promise<void> {
  const to = query.get('to')?.trim().toLowerCase() || undefined
  const mails = await findMails(db, to)
  if (request.headers.accept?.includes('application/json')) return sendJson(response, 200, mails)
  const nonce = randomBytes(16).toString('base64')
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': `default-src 'none'; style-src 'nonce-${nonce}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  })
  response.end(renderPage(mails, to ?? '', nonce))
}

async function findMails(db: Pool, to: string | undefined): Promise<Mail[]> {
  const { rows } = await db.query<Mail & { sentAt: Date }>(
    `select recipient as to, subject, code, token_hash as "tokenHash", link, sent_at as "sentAt"
     from sandbox.mail where $1::text is null or recipient = $1 order by id desc limit ${SHOWN_MAILS}`,
    [to ?? null],
  )
  return rows.map((row) => ({ ...row, sentAt: row.sentAt.toISOString() }))
}

function renderPage(mails: Mail[], to: string, nonce: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sandbox mail</title>
<style nonce="${nonce}">
:root { color-scheme: light dark }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 44rem; margin: 2rem auto; padding: 0 1rem }
article { border: 1px solid color-mix(in srgb, currentColor 25%, transparent); border-radius: .5rem; padding: 1rem; margin: 1rem 0 }
h1 { font-size: 1.4rem } h2 { font-size: 1.1rem; margin: 0 } p { margin: .5rem 0 }
code { font-size: 1.25rem; letter-spacing: .1em }
input, button { font: inherit; padding: .25rem .5rem }
</style>
</head>
<body>
<h1>Sandbox mail</h1>
<p>Nothing leaves this machine: mails the app would have sent are listed here, newest first.</p>
<form><label>To <input name="to" type="search" value="${escape(to)}"></label> <button>Show</button></form>
<main>${mails.map(renderMail).join('') || '<p>No mail yet.</p>'}</main>
</body>
</html>`
}

function renderMail(mail: Mail): string {
  return `<article>
<h2>${escape(mail.subject)}</h2>
<p>To ${escape(mail.to)}, <time datetime="${escape(mail.sentAt)}">${escape(mail.sentAt)}</time></p>
<p><a href="${escape(mail.link)}">Follow the link</a>, or type the code <code>${escape(mail.code)}</code></p>
</article>`
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '')
}
