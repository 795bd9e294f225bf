import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['@netvet/source'] },
  ssr: { resolve: { conditions: ['@netvet/source'] } },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'packages/*/test/**/*.test.ts', 'tools/**/*.test.ts'],
    testTimeout: 60_000,
  },
});
