import { makeStyles, tokens } from "@fluentui/react-components";
import { HiddenText } from "./Announcer";
import { CopyButton } from "./CopyButton";
import { shortened } from "./text";

const useStyles = makeStyles({
  row: {
    display: "inline-flex",
    flexWrap: "wrap",
    alignItems: "center",
    columnGap: tokens.spacingHorizontalXS,
    maxWidth: "100%",
  },
  code: {
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase200,
    overflowWrap: "anywhere",
    unicodeBidi: "isolate",
  },
  short: { whiteSpace: "nowrap" },
});

/** Monospace, for ids, permission values and addresses. */
export function Code({ children, title }: { children: React.ReactNode; title?: string }) {
  const styles = useStyles();
  return (
    <code className={styles.code} dir="ltr" title={title}>
      {children}
    </code>
  );
}

/** An id, shortened in the middle; whole on hover, for the screen reader and in the copy. */
export function ShortId({ id }: { id: string }) {
  const styles = useStyles();
  const short = shortened(id);
  if (short === id) {
    return <Code>{id}</Code>;
  }
  return (
    <Code title={id}>
      <span aria-hidden="true" className={styles.short}>
        {short}
      </span>
      <HiddenText>{id}</HiddenText>
    </Code>
  );
}

/** An id or address with its copy button. `what` names it for the button. */
export function CopyId({ id, what, whole = false }: { id: string; what: string; whole?: boolean }) {
  const styles = useStyles();
  return (
    <span className={styles.row}>
      {whole ? <Code>{id}</Code> : <ShortId id={id} />}
      <CopyButton text={id} what={what} />
    </span>
  );
}
