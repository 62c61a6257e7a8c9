/**
 * The hard-concrete distribution (Louizos, Welling, Kingma 2018, section 2.2): a binary concrete variable stretched to
 * (GAMMA, ZETA) and cut at 0 and 1, so that a gate is exactly closed or open with probabilities above zero and still
 * has a gradient between. Plain formulas in double precision; there are few gates.
 */

/** Temperature, and the ends of the stretch. */
export const BETA = 2 / 3;
export const GAMMA = -0.1;
export const ZETA = 1.1;
/** log alpha is kept within +-LIMIT, so that a closed gate can open again. */
export const LIMIT = Math.log(100);

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const stretched = (s: number): number => s * (ZETA - GAMMA) + GAMMA;
const cut = (x: number): number => Math.min(1, Math.max(0, x));
const concrete = (logAlpha: number, u: number): number =>
  sigmoid((Math.log(u) - Math.log(1 - u) + logAlpha) / BETA);

/** A gate in training. @param u uniform in (0, 1) */
export const gateSample = (logAlpha: number, u: number): number => cut(stretched(concrete(logAlpha, u)));

/** d gate / d log alpha at the same u; 0 where the gate is cut. */
export function gateSlope(logAlpha: number, u: number): number {
  const s = concrete(logAlpha, u);
  const x = stretched(s);
  return x <= 0 || x >= 1 ? 0 : ((ZETA - GAMMA) * s * (1 - s)) / BETA;
}

/** The gate without noise, for evaluation: exactly 0 where sigmoid(log alpha) <= -GAMMA / (ZETA - GAMMA) = 1/12. */
export const testGate = (logAlpha: number): number => cut(stretched(sigmoid(logAlpha)));

const SHIFT = BETA * Math.log(-GAMMA / ZETA);
/** Probability that the gate is not exactly zero. */
export const openProbability = (logAlpha: number): number => sigmoid(logAlpha - SHIFT);
/** Its derivative. */
export function openSlope(logAlpha: number): number {
  const p = openProbability(logAlpha);
  return p * (1 - p);
}

/** log alpha of gates that are closed with this probability before stretch and cut: log(1 - p) - log p. */
export const startOf = (drop: number): number => Math.log(1 - drop) - Math.log(drop);
