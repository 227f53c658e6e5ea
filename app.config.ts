export default defineAppConfig({
  ui: {
    colors: { primary: 'indigo', neutral: 'stone', warning: 'amber', error: 'red' },
    button: { slots: { base: 'cursor-pointer' } },
  },
  // Drawn as elements: the other way puts style sheets into the page, which our policy refuses.
  icon: { mode: 'svg' },
})
