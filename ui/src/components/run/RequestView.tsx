import { makeStyles, tokens } from "@fluentui/react-components";
import type { RequestPreview } from "../../backend/types";
import { useWords } from "../../words/useWords";
import { CopyButton } from "../CopyButton";

const useStyles = makeStyles({
  box: {
    display: "flex",
    flexDirection: "column",
    rowGap: tokens.spacingVerticalS,
    backgroundColor: tokens.colorNeutralBackground3,
    // Seen in high contrast only, where the background tells nothing.
    border: `${tokens.strokeWidthThin} solid ${tokens.colorTransparentStroke}`,
    borderRadius: tokens.borderRadiusMedium,
    padding: tokens.spacingHorizontalM,
    marginBottom: tokens.spacingVerticalS,
    alignItems: "flex-start",
  },
  text: {
    margin: 0,
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase200,
    whiteSpace: "pre-wrap",
    overflowWrap: "anywhere",
  },
});

/** The request as it will be on the wire; it holds no secret and no token. */
export function RequestView({ request }: { request: RequestPreview }) {
  const styles = useStyles();
  const t = useWords();
  const head = [`${request.method} ${request.url}`, ...request.headers].join("\n");
  const whole = request.body === null ? head : `${head}\n\n${request.body}`;
  return (
    <div className={styles.box}>
      <pre className={styles.text} dir="ltr">
        {whole}
      </pre>
      <CopyButton text={whole} what={t("step.request")} label={t("step.copy")} />
    </div>
  );
}
