import { join } from 'node:path';
import { ROOT } from './run.mjs';

const CLIENT = join(ROOT, 'src/page/client');

/** Bundles the dashboard page for browsers into dist/; src/page/assets.ts serves it from there. */
export async function bundlePage() {
  // Loaded only here: this file is read before the packages are installed.
  const { build } = await import('esbuild');
  await build({
    entryPoints: [
      { in: join(CLIENT, 'main.ts'), out: 'page' },
      { in: join(CLIENT, 'page.css'), out: 'page' },
      join(CLIENT, 'page.html'),
      join(CLIENT, 'icon.svg'),
    ],
    outdir: join(ROOT, 'dist/src/page/bundle'),
    bundle: true,
    minify: true,
    format: 'iife',
    target: ['chrome125', 'firefox128', 'safari17.5'],
    charset: 'utf8',
    legalComments: 'none',
    define: { 'process.env.NODE_ENV': '"production"' },
    loader: { '.html': 'copy', '.svg': 'copy' },
    logLevel: 'silent',
  });
}
