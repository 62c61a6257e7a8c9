/** KaTeX is large, so it is fetched when the first formula is opened. */
import katex from 'katex';
import 'katex/dist/katex.min.css';
import classes from './recipe.module.css';

export default function Formula({ tex }: { tex: string }) {
  // `htmlAndMathml`: drawn for the eye, MathML for screen readers. The source is ours, not a visitor's.
  const html = katex.renderToString(tex, { displayMode: true, throwOnError: false, output: 'htmlAndMathml' });
  // biome-ignore lint/security/noDangerouslySetInnerHtml: made by KaTeX from the method files.
  return <div className={classes.math} dangerouslySetInnerHTML={{ __html: html }} />;
}
