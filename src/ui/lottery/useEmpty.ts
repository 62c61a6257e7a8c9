import { useStudy } from '../../store/study';
import { hashStudy } from '../../studies';
import type { Study } from '../../studies/types';
import type { Say } from './words';

/** Why a chart of this study has nothing yet. */
export function useEmpty(t: Say, study: Study): string {
  const running = useStudy((s) => s.run !== undefined && hashStudy(s.run.study) === hashStudy(study));
  const loading = useStudy((s) => s.kept === undefined && s.problem === undefined);
  return t(running ? 'empty.running' : loading ? 'empty.loading' : 'empty.idle');
}
