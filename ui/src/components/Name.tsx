import { makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { useWords } from "../words/useWords";
import { pieces, quotedNames } from "./text";

const useStyles = makeStyles({
  name: { overflowWrap: "anywhere", whiteSpace: "pre-wrap" },
  oneLine: { overflowWrap: "normal", whiteSpace: "pre" },
  strong: { fontWeight: tokens.fontWeightSemibold },
  mark: {
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase100,
    border: `${tokens.strokeWidthThin} solid ${tokens.colorPaletteRedBorder2}`,
    color: tokens.colorPaletteRedForeground1,
    borderRadius: tokens.borderRadiusSmall,
    paddingInline: tokens.spacingHorizontalXXS,
    marginInline: tokens.spacingHorizontalXXS,
    whiteSpace: "nowrap",
  },
});

function Pieces({ text }: { text: string }) {
  const styles = useStyles();
  const t = useWords();
  return pieces(text).map((piece, index) =>
    piece.kind === "text" ? (
      piece.text
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text never move
      <span key={index} className={styles.mark} title={t("mark.char", { code: piece.code })}>
        {piece.code}
      </span>
    ),
  );
}

/** A name from the tenant: exactly as it is, apart from the sentence around it, hidden characters made visible. */
export function Name({
  text,
  strong = false,
  oneLine = false,
}: {
  text: string;
  strong?: boolean;
  /** Where what is around it cuts it off instead. */
  oneLine?: boolean;
}) {
  const styles = useStyles();
  return (
    <bdi className={mergeClasses(styles.name, oneLine && styles.oneLine, strong && styles.strong)}>
      <Pieces text={text} />
    </bdi>
  );
}

/** A sentence from Rust. The names that it quotes stand apart from it as `Name` does. */
export function Sentence({ text }: { text: string }) {
  const styles = useStyles();
  return (
    <span className={styles.name}>
      {quotedNames(text).map((part, index) =>
        part.name ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one sentence never move
          <bdi key={index}>
            <Pieces text={part.text} />
          </bdi>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <Pieces key={index} text={part.text} />
        ),
      )}
    </span>
  );
}
