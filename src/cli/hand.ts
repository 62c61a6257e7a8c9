/** A training thread of the command line. */
import { parentPort } from 'node:worker_threads';
import * as Comlink from 'comlink';
import nodeEndpoint, { type NodeEndpoint } from 'comlink/dist/esm/node-adapter.mjs';
import { makeHand } from '../engine/crew/hand';

Comlink.expose(makeHand(), nodeEndpoint(parentPort as unknown as NodeEndpoint));
