/** Which form each layer is to be executed in, where somebody has asked for one; the others are chosen by measurement. */
import { create } from 'zustand';
import type { ExecForm, LayerForms } from '../worker/api';
import { labApi } from './lab';

interface FormsState {
  /** By layer, as executed: `fc1`, or `fc1.u` and `fc1.v`. */
  forms: LayerForms;
  /** Asks for a form, or leaves the layer to measurement again. */
  choose(layer: string, form: ExecForm | undefined): void;
  /** All layers back to measurement. */
  reset(): void;
}
export const useForms = create<FormsState>()((set, get) => {
  const become = (forms: LayerForms) => {
    set({ forms });
    void labApi()?.setForms(forms);
  };
  return {
    forms: {},
    choose(layer, form) {
      const { [layer]: _, ...others } = get().forms;
      become(form === undefined ? others : { ...others, [layer]: form });
    },
    reset: () => become({}),
  };
});
