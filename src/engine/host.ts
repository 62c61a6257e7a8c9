/** Which program executes us, for badges and rows: `Chromium 156`, `Firefox 151`, `Node 20`. */
export function hostName(): string {
  if (typeof process !== 'undefined' && process.versions?.node) return `Node ${major(process.versions.node)}`;
  const agent = typeof navigator === 'undefined' ? '' : navigator.userAgent;
  for (const [pattern, name] of BROWSERS) {
    const found = agent.match(pattern);
    if (found) return `${name} ${found[1]}`;
  }
  return 'browser';
}
const major = (version: string) => version.split('.')[0];
/** In this order: later ones are named in the agent string of earlier ones, too. */
const BROWSERS: [RegExp, string][] = [
  [/Edg\/(\d+)/, 'Edge'],
  [/OPR\/(\d+)/, 'Opera'],
  [/Firefox\/(\d+)/, 'Firefox'],
  [/(?:Headless)?Chrome\/(\d+)/, 'Chromium'],
  [/Version\/(\d+)[\d.]* (?:Mobile\/\S+ )?Safari/, 'Safari'],
];
