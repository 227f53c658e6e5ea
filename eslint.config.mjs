import prettier from 'eslint-config-prettier'
import vueA11y from 'eslint-plugin-vuejs-accessibility'
import withNuxt from './.nuxt/eslint.config.mjs'

const TYPED = ['**/*.ts', '**/*.vue']

export default withNuxt(
  { ignores: ['shared/types/database.types.ts'] },
  ...vueA11y.configs['flat/recommended'],
  {
    name: 'roundup/types',
    files: TYPED,
    languageOptions: {
      parserOptions: {
        projectService: false,
        project: [
          '.nuxt/tsconfig.app.json',
          '.nuxt/tsconfig.server.json',
          '.nuxt/tsconfig.shared.json',
          '.nuxt/tsconfig.node.json',
          'service-worker/tsconfig.json',
        ],
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.vue'],
      },
    },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
    },
  },
  {
    name: 'roundup/style',
    rules: {
      eqeqeq: ['error', 'always'],
      'no-console': 'error',
      'vue/multi-word-component-names': 'off',
      'vue/no-v-html': 'error',
      'vuejs-accessibility/label-has-for': ['error', { required: { some: ['nesting', 'id'] } }],
      'vue/html-self-closing': 'off',
    },
  },
  {
    name: 'roundup/routes-stay-thin',
    files: ['server/api/**/*.ts'],
    rules: { 'max-lines': ['error', { max: 25, skipBlankLines: true, skipComments: true }] },
  },
  {
    name: 'roundup/components-stay-small',
    files: ['components/**/*.vue', 'pages/**/*.vue'],
    rules: { 'max-lines': ['error', { max: 200 }] },
  },
  {
    name: 'roundup/settings-in-one-place',
    files: [
      'server/**/*.ts',
      'shared/**/*.ts',
      'components/**/*.vue',
      'pages/**/*.vue',
      'composables/**/*.ts',
    ],
    ignores: ['server/environment.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Settings are read in server/environment.ts only.' },
      ],
    },
  },
  {
    name: 'roundup/layers',
    files: ['server/notion/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            '#server/db/*',
            '#server/connections/*',
            '#server/sync/*',
            '#server/todos/*',
            'h3',
            'pg-boss',
          ],
        },
      ],
    },
  },
  {
    name: 'roundup/shared-runs-in-browsers',
    files: ['shared/**/*.ts'],
    ignores: ['shared/zod.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: [{ name: 'zod', message: 'Take z from shared/zod: it keeps zod within the browser CSP.' }],
          patterns: ['#server/*', 'h3', 'pg-boss'],
        },
      ],
    },
  },
  {
    name: 'roundup/services-know-no-h3',
    files: ['server/{connections,sync,todos,mirror,db,jobs,security,session}/**/*.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: ['h3', 'nitropack*'] }] },
  },
  {
    name: 'roundup/tables-in-one-place',
    files: ['server/**/*.ts'],
    ignores: ['server/db/**', 'server/health.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: "CallExpression[callee.property.name='from'][callee.object.name=/[dD]b$/]",
          message: 'Only server/db names tables.',
        },
        {
          selector: "CallExpression[callee.property.name='rpc']",
          message: 'Only server/db calls database functions.',
        },
      ],
    },
  },
  {
    name: 'roundup/programs-print',
    files: ['scripts/**', 'sandbox/**', 'tests/**'],
    // Playwright's fixtures say by an empty pattern that they need no other fixture.
    rules: { 'no-console': 'off', 'no-empty-pattern': ['error', { allowObjectPatternsAsParameters: true }] },
  },
  prettier,
)
