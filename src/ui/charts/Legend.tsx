import classes from './charts.module.css';
import type { LegendItem } from './save';

interface Props {
  items: readonly LegendItem[];
  /** Keys of what is not drawn; with `onToggle` every entry that has a key is a switch. */
  hidden?: ReadonlySet<string>;
  onToggle?(key: string): void;
}
/** Lines and dots by name, in HTML so that it wraps and can be read; files get their own copy. */
export function Legend({ items, hidden, onToggle }: Props) {
  if (items.length === 0) return null;
  return (
    <ul className={classes.legend}>
      {items.map((item) => (
        <li key={item.label}>
          {item.key !== undefined && onToggle ? (
            <button
              type="button"
              className={classes.switch}
              aria-pressed={!hidden?.has(item.key)}
              onClick={() => item.key !== undefined && onToggle(item.key)}
            >
              <Sample item={item} />
              {item.label}
            </button>
          ) : (
            <>
              <Sample item={item} />
              {item.label}
            </>
          )}
        </li>
      ))}
    </ul>
  );
}
const Sample = ({ item }: { item: LegendItem }) => (
  <svg width="18" height="10" aria-hidden="true">
    {item.dot ? (
      <circle cx="9" cy="5" r="4.5" fill={item.color} />
    ) : (
      <line
        x1="0"
        x2="18"
        y1="5"
        y2="5"
        stroke={item.color}
        strokeWidth={item.width ?? 2.5}
        strokeDasharray={item.dash}
      />
    )}
  </svg>
);
