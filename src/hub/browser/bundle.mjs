// Puts what a page loads beside the compiled hub: the script in one small file, the styles and the icon as they are.
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';

const hub = join(import.meta.dirname, '..');
const target = join(hub, '../../dist/src/hub/assets');

mkdirSync(target, { recursive: true });
for (const name of ['styles.css', 'icon.svg']) copyFileSync(join(hub, name), join(target, name));

const bundle = await rolldown({
  input: join(hub, 'browser/page.ts'),
  platform: 'browser',
  tsconfig: join(hub, 'browser/tsconfig.json'),
  resolve: { extensionAlias: { '.js': ['.ts', '.tsx', '.js'] } },
  transform: { target: 'es2022' },
  checks: { pluginTimings: false },
});
await bundle.write({ file: join(target, 'page.js'), format: 'iife', minify: true, comments: false });
await bundle.close();
