/**
 * Where high contrast is asked for. There the theme's backgrounds for what is chosen or pointed at want another text
 * colour, and under forced colours there are no backgrounds at all: what is told by one needs a border besides.
 */
export const HIGH_CONTRAST = "@media (forced-colors: active), (prefers-contrast: more)";
