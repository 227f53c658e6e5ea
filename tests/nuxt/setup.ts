import { registerEndpoint } from '@nuxt/test-utils/runtime'

// The app asks who is signed in before anything else; nobody is, unless a test says so.
registerEndpoint('/api/session', () => ({ user: null }))
