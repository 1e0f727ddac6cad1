/** A run of plain text, or one character that a reader could not see. */
export type Piece = { kind: "text"; text: string } | { kind: "mark"; code: string };

// Controls, format characters (bidi marks and overrides, zero-width ones, soft hyphen, tags), line separators, fillers.
const HIDDEN = /\p{Cc}|\p{Cf}|\p{Zl}|\p{Zp}|\p{Default_Ignorable_Code_Point}/u;
const VARIATION = /\p{Variation_Selector}/u;
const PICTOGRAPH = /\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Variation_Selector}/u;
const JOINER = "\u200d";

/**
 * Splits a name from the tenant so that what cannot be seen is named (U+202E): two names that look alike but are
 * not the same must not pass for each other. The joiner inside of an emoji belongs to the emoji and stays.
 */
export function pieces(text: string): Piece[] {
  const characters = [...text];
  const result: Piece[] = [];
  let plain = "";
  characters.forEach((character, index) => {
    const joinsEmoji =
      character === JOINER &&
      PICTOGRAPH.test(characters[index - 1] ?? "") &&
      PICTOGRAPH.test(characters[index + 1] ?? "");
    if (!HIDDEN.test(character) || VARIATION.test(character) || joinsEmoji) {
      plain += character;
      return;
    }
    if (plain !== "") {
      result.push({ kind: "text", text: plain });
      plain = "";
    }
    const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
    result.push({ kind: "mark", code: `U+${code}` });
  });
  if (plain !== "") {
    result.push({ kind: "text", text: plain });
  }
  return result;
}

/** The same as plain text, for where no element can stand: a title, the screen reader. */
export function visible(text: string): string {
  return pieces(text)
    .map((piece) => (piece.kind === "text" ? piece.text : piece.code))
    .join("");
}

/** Splits a sentence at the names that it quotes; the quotation marks stay with the sentence. */
export function quotedNames(text: string): { name: boolean; text: string }[] {
  const parts: { name: boolean; text: string }[] = [];
  let from = 0;
  for (const match of text.matchAll(/"([^"]+)"|“([^”]+)”/g)) {
    const name = match[1] ?? match[2] ?? "";
    const start = match.index + 1;
    parts.push({ name: false, text: text.slice(from, start) }, { name: true, text: name });
    from = start + name.length;
  }
  parts.push({ name: false, text: text.slice(from) });
  return parts;
}

/** Shortens an id in the middle; whole when little would be gained. */
export function shortened(id: string): string {
  return id.length <= 16 ? id : `${id.slice(0, 8)}…${id.slice(-4)}`;
}
