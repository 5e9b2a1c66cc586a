/**
 * The guide as one file that asks for nothing: styles, script and icon stand in it, and its policy lets nothing else run.
 * Pure but for reading the built files.
 */
import { createHash } from 'node:crypto';
import { asset } from './assets.js';
import { verbatim } from './layout.js';
import { renderGuide } from './pages/guide.js';

/** `query` is that of the guide's address: what is chosen in the file to begin with. */
export const exportGuide = (query: URLSearchParams): string => renderGuide(query, { alone: <Inside /> });

const Inside = () => {
  const styles = inElement('styles.css', 'style');
  const script = inElement('page.js', 'script');
  const policy = [
    "default-src 'none'",
    `style-src ${hashed(styles)}`,
    `script-src ${hashed(script)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return (
    <>
      <meta http-equiv="content-security-policy" content={policy} />
      {icon()}
      <style>{verbatim(styles)}</style>
      <script type="module">{verbatim(script)}</script>
    </>
  );
};

/** As text: hono moves a link it knows before the first `</head>` it sees, and the script holds one. */
const icon = () =>
  verbatim(
    `<link rel="icon" href="data:image/svg+xml;base64,${Buffer.from(asset('icon.svg').text).toString('base64')}"/>`,
  );

/** Text that would end the element it stands in is none of ours; the build would have to be looked at. */
function inElement(name: 'styles.css' | 'page.js', element: string): string {
  const { text } = asset(name);
  if (new RegExp(`</${element}|<!--`, 'i').test(text)) throw new Error(`${name} cannot stand inside <${element}>.`);
  return text;
}

const hashed = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
