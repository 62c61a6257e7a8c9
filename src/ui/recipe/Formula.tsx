/** KaTeX is large, so it is fetched when the first formula is opened. */
import katex from 'katex';
import 'katex/dist/katex.min.css';
import classes from './recipe.module.css';

/** Parts that stand beside each other in the source stand below each other in a narrow popover. */
const lines = (tex: string) => tex.split(/,\s*\\q?quad\s*/);

export default function Formula({ tex }: { tex: string }) {
  return lines(tex).map((line) => <Line key={line} tex={line} />);
}

function Line({ tex }: { tex: string }) {
  // `htmlAndMathml`: drawn for the eye, MathML for screen readers. The source is ours, not a visitor's.
  const html = katex.renderToString(tex, { displayMode: true, throwOnError: false, output: 'htmlAndMathml' });
  // biome-ignore lint/security/noDangerouslySetInnerHtml: made by KaTeX from the method files.
  return <div className={classes.math} dangerouslySetInnerHTML={{ __html: html }} />;
}
