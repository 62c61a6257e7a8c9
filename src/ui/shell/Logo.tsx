/** Grain falls through, chaff is blown away: three bars of falling height. */
export function Logo({ size = 22 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <defs>
        <linearGradient id="winnow-mark" x1="0" y1="0" x2="1" y2="1">
          <stop offset="0" stopColor="#12a085" />
          <stop offset="1" stopColor="#2f6fed" />
        </linearGradient>
      </defs>
      <rect width="24" height="24" rx="6.5" fill="url(#winnow-mark)" />
      <g fill="#fff">
        <circle cx="7" cy="7.5" r="1.9" />
        <circle cx="12" cy="7.5" r="1.9" opacity="0.45" />
        <circle cx="17" cy="7.5" r="1.9" opacity="0.45" />
        <circle cx="7" cy="12.5" r="1.9" opacity="0.45" />
        <circle cx="12" cy="12.5" r="1.9" />
        <circle cx="17" cy="12.5" r="1.9" opacity="0.45" />
        <circle cx="12" cy="17.5" r="1.9" />
      </g>
    </svg>
  );
}
