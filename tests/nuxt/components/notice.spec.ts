import { readFileSync } from 'node:fs'
import { mountSuspended } from '@nuxt/test-utils/runtime'
import { expect, it } from 'vitest'
import BaseNotice from '~/components/Base/Notice.vue'

it('a notice makes what it offers as high as a thumb on phones, whatever size that has', async () => {
  const notice = await mountSuspended(BaseNotice, {
    props: { sentence: 'Roundup cannot be reached.' },
    slots: { default: '<button data-slot="base">Try again</button>' },
  })
  expect(notice.find('.ways > [data-slot=base]').exists()).toBe(true)
  const css = readFileSync('assets/css/main.css', 'utf8')
  expect(css).toMatch(
    /@media \(width < 48rem\) \{\s*\.ways > \[data-slot='base'\] \{\s*min-height: 2\.75rem;/u,
  )
})
