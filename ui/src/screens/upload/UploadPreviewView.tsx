import { Button, makeStyles, tokens, typographyStyles } from "@fluentui/react-components";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useId, useRef } from "react";
import { useUpload } from "../../app/upload";
import type { UploadPreview, UploadRequest } from "../../backend/types";
import { useAnnounce } from "../../components/Announcer";
import { Card } from "../../components/Card";
import { CopyButton } from "../../components/CopyButton";
import { Mark } from "../../components/Mark";
import { Name, Sentence } from "../../components/Name";
import { TextBlock } from "../../components/TextBlock";
import { useWords, Words } from "../../words/useWords";

const useStyles = makeStyles({
  box: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalL, minWidth: 0 },
  title: { ...typographyStyles.subtitle2, margin: 0, outlineStyle: "none" },
  warnings: { margin: 0, padding: 0, listStyleType: "none", display: "flex", flexDirection: "column" },
  quiet: { color: tokens.colorNeutralForeground2 },
  actions: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS, alignItems: "center" },
});

/** Exactly what would be sent, what to know before, and the one button that sends it. */
export function UploadPreviewView({
  preview,
  request,
  app,
}: {
  preview: UploadPreview;
  request: UploadRequest;
  /** Name of the provisioning app that takes it. */
  app: string;
}) {
  const styles = useStyles();
  const t = useWords();
  const announce = useAnnounce();
  const navigate = useNavigate();
  const { upload, send } = useUpload();
  const titleId = useId();
  const title = useRef<HTMLHeadingElement>(null);
  const other = upload?.running === true ? upload.request.clientId : null;
  const whole = [preview.address, ...preview.headers, "", preview.payload].join("\n");

  useEffect(() => {
    title.current?.focus();
    announce(preview.sentence);
  }, [announce, preview.sentence]);

  return (
    <Card>
      <section aria-labelledby={titleId} className={styles.box}>
        <h2 ref={title} id={titleId} tabIndex={-1} className={styles.title}>
          {t("upload.preview")}
        </h2>
        <span>
          <Sentence text={preview.sentence} /> <span className={styles.quiet}>{t("upload.nothingYet")}</span>
        </span>
        {preview.warnings.length > 0 && (
          <ul className={styles.warnings}>
            {preview.warnings.map((warning) => (
              <li key={warning}>
                <Mark tone="warn">
                  <Sentence text={warning} />
                </Mark>
              </li>
            ))}
          </ul>
        )}
        <TextBlock label={t("upload.payload")} text={whole} wrap />
        <div className={styles.actions}>
          <Button
            appearance="primary"
            disabledFocusable={other !== null}
            onClick={() => send({ preview, request, app })}
          >
            <span>
              <Words id="upload.send" values={{ app: <Name text={app} /> }} />
            </span>
          </Button>
          <CopyButton text={whole} what={t("upload.request")} label={t("upload.copy")} />
        </div>
        {other !== null && (
          <div className={styles.actions}>
            <span>{t("upload.busy")}</span>
            <Button
              size="small"
              onClick={() =>
                navigate({
                  to: "/verify/$principal/upload",
                  params: { principal: other },
                  search: { client: other, name: "" },
                })
              }
            >
              {t("upload.busyOpen")}
            </Button>
          </div>
        )}
      </section>
    </Card>
  );
}
