/** Which card its controls stand on; undefined for controls that stand elsewhere. */
import { createContext } from 'react';

export const CardPlace = createContext<string | undefined>(undefined);
