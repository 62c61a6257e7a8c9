/** One chart at a time: each is drawn in a task of its own, so that all together never hold up the page. */
type Work = (done: () => void) => void;

const waiting: Work[] = [];
let busy = false;
/** A chart that draws nothing in this time (it left the page, or found nothing changed) gives up its turn. */
const PATIENCE_MS = 250;

/** Calls `work` when it is its turn; the next one's comes a frame after `done`. Returns the way to give it up. */
export function inTurn(work: Work): () => void {
  waiting.push(work);
  next();
  return () => {
    const index = waiting.indexOf(work);
    if (index >= 0) waiting.splice(index, 1);
  };
}
function next(): void {
  const work = busy ? undefined : waiting.shift();
  if (!work) return;
  busy = true;
  let over = false;
  const release = () => {
    if (over) return;
    over = true;
    clearTimeout(patience);
    busy = false;
    next();
  };
  const patience = setTimeout(release, PATIENCE_MS);
  // The chart library finishes its drawing in the next frame; a task later, input that has come meanwhile goes first.
  work(() => {
    requestAnimationFrame(() => setTimeout(release));
  });
}
