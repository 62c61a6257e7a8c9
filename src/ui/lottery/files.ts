/** Results of the study on screen as files. */
import { ROW_FIELDS } from '../../spec/row-fields';
import { useLab } from '../../store/lab';
import { useStudy } from '../../store/study';
import { writeStudyFile } from '../../store/study-file';
import { hashStudy } from '../../studies';
import { toCsv } from '../charts/csv';
import { fileName, save } from '../charts/save';

export function saveJson(): void {
  const { study, rows } = useStudy.getState().shown;
  const device = useLab.getState().device?.device ?? rows[0]?.device ?? '';
  const text = writeStudyFile({ study, rows, device, at: Date.now() });
  save(fileName('study', hashStudy(study), 'json'), text, 'application/json');
}
/** Every row as it is, in the fields of Row. */
export function saveCsv(): void {
  const { study, rows } = useStudy.getState().shown;
  const columns = ROW_FIELDS.map((key) => ({ key, label: key }));
  const table = { columns, rows: rows.map((r) => ({ ...r })) };
  save(fileName('study-rows', hashStudy(study), 'csv'), toCsv(table), 'text/csv;charset=utf-8');
}
