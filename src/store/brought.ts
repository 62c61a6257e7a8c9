/** Results of a study from a file: shown beside what this browser has, never mixed with it. */
import { create } from 'zustand';
import { messageOf, type Problem } from '../spec/problem';
import { useStudy } from './study';
import { FILE_LIMITS, readStudyFile, type StudyResult } from './study-file';

export interface Brought extends StudyResult {
  /** Of the file. */
  name: string;
}
interface BroughtState {
  brought?: Brought;
  reading?: string;
  /** Why a file could not be shown, and which. */
  refused?: { name: string; problems: readonly Problem[] };
  /** Newest file wins. Its study is put on screen, so that both are of the same. */
  read(file: File): Promise<void>;
  close(): void;
}
let files = 0;

export const useBrought = create<BroughtState>()((set) => ({
  async read(file) {
    const mine = ++files;
    const { name } = file;
    const say = (state: Partial<BroughtState>) => {
      if (mine === files) set({ reading: undefined, ...state });
    };
    if (file.size > FILE_LIMITS.bytes) {
      const values = { max: FILE_LIMITS.bytes, got: file.size };
      const message = `must have at most ${values.max} bytes, got ${values.got}`;
      return say({ refused: { name, problems: [{ code: 'study.large', path: '', message, values }] } });
    }
    set({ reading: name, refused: undefined });
    try {
      const read = await readStudyFile(await file.text());
      if ('problems' in read) return say({ refused: { name, problems: read.problems } });
      if (mine === files) useStudy.getState().choose(read.result.study);
      say({ brought: { ...read.result, name }, refused: undefined });
    } catch (error) {
      say({ refused: { name, problems: [{ code: 'study.file', path: '', message: messageOf(error) }] } });
    }
  },
  close() {
    files++;
    set({ brought: undefined, refused: undefined, reading: undefined });
  },
}));
