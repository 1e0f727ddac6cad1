import { type Theme, teamsHighContrastTheme, webDarkTheme, webLightTheme } from "@fluentui/react-components";
import { useSyncExternalStore } from "react";

const DARK = "(prefers-color-scheme: dark)";
const FORCED = "(forced-colors: active)";
const MORE_CONTRAST = "(prefers-contrast: more)";

/** Follows a media query of the system. */
function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (changed) => {
      const list = window.matchMedia(query);
      list.addEventListener("change", changed);
      return () => list.removeEventListener("change", changed);
    },
    () => window.matchMedia(query).matches,
  );
}

export function useDark(): boolean {
  const dark = useMedia(DARK);
  const contrast = useHighContrast();
  return dark || contrast;
}

function useHighContrast(): boolean {
  const forced = useMedia(FORCED);
  const more = useMedia(MORE_CONTRAST);
  return forced || more;
}

/** The theme that the system asks for; high contrast wins over light and dark. */
export function useTheme(): Theme {
  const dark = useMedia(DARK);
  const contrast = useHighContrast();
  if (contrast) {
    return teamsHighContrastTheme;
  }
  return dark ? webDarkTheme : webLightTheme;
}
