/** A training thread of the page. */
import * as Comlink from 'comlink';
import { makeHand } from '../engine/crew/hand';

Comlink.expose(makeHand());
