/** `12 Nov 2026, 10:40`, by the system's locale; `null` when it is not a time. */
function formatTime(value: string): string | null {
  return format(value, { dateStyle: "medium", timeStyle: "short" });
}

/** `12 Nov 2026`, by the system's locale. */
export function formatDay(value: string): string | null {
  return format(value, { dateStyle: "medium" });
}

function format(value: string, options: Intl.DateTimeFormatOptions): string | null {
  const plain = /^(\d{4})-(\d{2})-(\d{2})$/.exec(value);
  // A plain day has no zone: read as UTC midnight it would be the day before in half of the world.
  const date = plain ? new Date(Number(plain[1]), Number(plain[2]) - 1, Number(plain[3])) : new Date(value);
  return Number.isNaN(date.getTime()) ? null : new Intl.DateTimeFormat(undefined, options).format(date);
}

/**
 * The last day of a credential's life. Rust and Entra count it in UTC, so that one day stands on form, plan, hand-over
 * and verification alike; the exact local moment is on hover.
 */
export function LastDay({ at }: { at: string }) {
  const shown = format(at, { dateStyle: "medium", timeZone: "UTC" });
  return <Time at={at} shown={shown} />;
}

/** A point in time as the system spells it, with seconds and zone on hover. */
export function When({ at, day = false }: { at: string; day?: boolean }) {
  return <Time at={at} shown={day ? formatDay(at) : formatTime(at)} />;
}

function Time({ at, shown }: { at: string; shown: string | null }) {
  if (shown === null) {
    return <span>{at}</span>;
  }
  const whole = format(at, { dateStyle: "full", timeStyle: "long" }) ?? at;
  return (
    <time dateTime={at} title={whole}>
      {shown}
    </time>
  );
}
