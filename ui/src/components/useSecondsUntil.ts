import { useEffect, useState } from "react";

/** Whole seconds until then, counted by the clock and not by ticks: a window in the background gets few of those. */
export function useSecondsUntil(until: number): number;
export function useSecondsUntil(until: number | null): number | null;
export function useSecondsUntil(until: number | null): number | null {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (until === null) {
      return;
    }
    setNow(Date.now());
    const tick = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(tick);
  }, [until]);
  return until === null ? null : Math.max(0, Math.ceil((until - now) / 1000));
}
