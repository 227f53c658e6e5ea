export default defineAppConfig({
  ui: {
    colors: { primary: 'indigo', neutral: 'stone', warning: 'amber', error: 'red' },
    button: {
      slots: { base: 'cursor-pointer' },
      variants: {
        size: {
          md: { leadingIcon: 'size-4', trailingIcon: 'size-4' },
          lg: { leadingIcon: 'size-4', trailingIcon: 'size-4' },
        },
      },
      // Below the pointer its words stay as readable as before.
      compoundVariants: [
        { color: 'primary', variant: 'solid', class: 'hover:bg-primary/90 active:bg-primary/90' },
        { color: 'error', variant: 'solid', class: 'hover:bg-error/90 active:bg-error/90' },
      ],
    },
  },
  // Drawn as elements: the other way puts style sheets into the page, which our policy refuses.
  icon: { mode: 'svg' },
})
