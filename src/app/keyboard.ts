/** Keys that work anywhere on the page. */
import { useLab } from '../store/lab';
import { useView } from '../store/view';

const TYPES = new Set(['checkbox', 'radio', 'range', 'button']);
/** Text is being typed there, so letters and Space belong to it. */
const typing = (el: Element | null): boolean =>
  el instanceof HTMLTextAreaElement ||
  el instanceof HTMLSelectElement ||
  (el instanceof HTMLInputElement && !TYPES.has(el.type)) ||
  (el instanceof HTMLElement && el.isContentEditable);
/** Space presses what has the focus; only where nothing would react does it run. */
const reactsToSpace = (el: Element | null): boolean =>
  el?.closest(
    'button, a, input, select, textarea, summary, [role="button"], [role="menu"], [role="dialog"], [tabindex="0"]:not([data-card])',
  ) !== null && el !== document.body;
const inOverlay = (el: Element | null): boolean =>
  el?.closest('[role="dialog"], [role="menu"], [role="listbox"]') != null;

export interface Keys {
  help(): void;
}
/** What a key press means, or undefined. Pure but for the element in focus. */
function meaning(
  e: KeyboardEvent,
  focus: Element | null,
): 'run' | 'stop' | 'undo' | 'redo' | 'help' | undefined {
  const command = e.ctrlKey || e.metaKey;
  const key = e.key.toLowerCase();
  if (command && key === 'enter') return 'run';
  if (e.altKey || inOverlay(focus)) return undefined;
  if (typing(focus)) return undefined;
  if (command && key === 'z') return e.shiftKey ? 'redo' : 'undo';
  if (command && key === 'y') return 'redo';
  if (command) return undefined;
  // What is open at the focus closes first.
  if (key === 'escape') return focus?.closest('[aria-expanded="true"]') ? undefined : 'stop';
  if (key === '?') return 'help';
  return key === ' ' && !reactsToSpace(focus) ? 'run' : undefined;
}

/** The study is that view's run; there is nothing to undo. Its code comes with the view. */
async function pressInSpeed(e: KeyboardEvent, what: 'run' | 'stop' | 'undo' | 'redo'): Promise<void> {
  if (what === 'undo' || what === 'redo') return;
  e.preventDefault();
  const [{ useSpeed }, { SPEED_SUBJECTS }] = await Promise.all([
    import('../store/speed'),
    import('../catalog/speed'),
  ]);
  const training = useLab.getState().run.status;
  if (what === 'stop') useSpeed.getState().stop();
  else if (training !== 'running' && training !== 'paused') useSpeed.getState().start(SPEED_SUBJECTS, true);
}

/** The study on screen is that view's run; its settings are what is undone. */
async function pressInLottery(e: KeyboardEvent, what: 'run' | 'stop' | 'undo' | 'redo'): Promise<void> {
  e.preventDefault();
  const { useStudy } = await import('../store/study');
  const study = useStudy.getState();
  const training = useLab.getState().run.status;
  if (what === 'undo' || what === 'redo') return study[what]();
  if (what === 'stop') return study.stop();
  if (study.run?.status === 'paused') return study.resume();
  if (study.run === undefined && training !== 'running' && training !== 'paused') study.start();
}

/** Starts listening; returns the way to stop. */
export function listenToKeys(keys: Keys): () => void {
  const press = (e: KeyboardEvent) => {
    if (e.defaultPrevented || e.repeat) return;
    const lab = useLab.getState();
    const busy = lab.run.status === 'running' || lab.run.status === 'paused';
    // Not the element in focus: a dialog that this key has just closed has given it away.
    const what = meaning(e, e.target instanceof Element ? e.target : document.activeElement);
    const { view } = useView.getState();
    if (what && what !== 'help' && view === 'speed') return void pressInSpeed(e, what);
    if (what && what !== 'help' && view === 'lottery') return void pressInLottery(e, what);
    if (!what || (what === 'stop' && !busy) || (what === 'run' && busy)) return;
    e.preventDefault();
    ({ run: lab.runNow, stop: lab.stop, undo: lab.undo, redo: lab.redo, help: keys.help })[what]();
  };
  addEventListener('keydown', press);
  return () => removeEventListener('keydown', press);
}
