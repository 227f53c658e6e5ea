import { eventually } from './eventually.ts'

export interface Mail {
  to: string
  subject: string
  code: string
  tokenHash: string
  link: string
}

/** What the stand-in would have sent to an address, newest first. */
export async function mailsTo(supabaseUrl: string | undefined, address: string): Promise<Mail[]> {
  const response = await fetch(`${supabaseUrl}/_mail?to=${encodeURIComponent(address)}`, {
    headers: { accept: 'application/json' },
  })
  return (await response.json()) as Mail[]
}

/** The newest mail to an address, waiting for it to arrive. */
export function mailTo(supabaseUrl: string | undefined, address: string): Promise<Mail> {
  return eventually(`a mail to ${address}`, async () => (await mailsTo(supabaseUrl, address))[0])
}

/** Follows a mail's link as far as our own site. Answers where it leads, with what it carries. */
export async function followMailLink(mail: Mail): Promise<URL> {
  const response = await fetch(mail.link, { redirect: 'manual' })
  return new URL(response.headers.get('location') ?? '')
}
