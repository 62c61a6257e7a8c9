import classes from './charts.module.css';
import type { LegendItem } from './save';

/** Lines and dots by name, in HTML so that it wraps and can be read; files get their own copy. */
export function Legend({ items }: { items: readonly LegendItem[] }) {
  if (items.length === 0) return null;
  return (
    <ul className={classes.legend}>
      {items.map((item) => (
        <li key={item.label}>
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
                strokeWidth="2.5"
                strokeDasharray={item.dash}
              />
            )}
          </svg>
          {item.label}
        </li>
      ))}
    </ul>
  );
}
