// Bundles the wizard (renderer/) into out/renderer: static files only, all assets local, no inline script,
// so that both fronts can serve it under the same strict content security policy.
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const repository = new URL('..', import.meta.url).pathname;

export default defineConfig({
  root: `${repository}renderer`,
  base: './',
  plugins: [react()],
  build: {
    outDir: `${repository}out/renderer`,
    emptyOutDir: true,
    target: 'chrome138',
    // An inlined asset would need a wider content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 2000,
  },
});
