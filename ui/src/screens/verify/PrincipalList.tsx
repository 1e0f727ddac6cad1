import { makeStyles, tokens } from "@fluentui/react-components";
import { Link } from "@tanstack/react-router";
import { Fragment, type ReactNode } from "react";
import type { PrincipalCard } from "../../backend/types";
import { ShortId } from "../../components/Id";
import { ClosedIcon } from "../../components/icons";
import { Mark } from "../../components/Mark";
import { Name } from "../../components/Name";
import { HIGH_CONTRAST } from "../../theme/contrast";
import { useWords } from "../../words/useWords";

const useStyles = makeStyles({
  list: { margin: 0, padding: 0, listStyleType: "none" },
  item: { ":not(:last-child)": { borderBottom: `${tokens.strokeWidthThin} solid ${tokens.colorNeutralStroke2}` } },
  link: {
    display: "grid",
    gridTemplateColumns: "minmax(0, 1fr) max-content",
    alignItems: "center",
    columnGap: tokens.spacingHorizontalM,
    paddingBlock: tokens.spacingVerticalMNudge,
    paddingInline: tokens.spacingHorizontalS,
    color: tokens.colorNeutralForeground1,
    textDecorationLine: "none",
    borderRadius: tokens.borderRadiusMedium,
    ":hover": { backgroundColor: tokens.colorNeutralBackground1Hover },
    [HIGH_CONTRAST]: { ":hover": { backgroundColor: tokens.colorNeutralBackground1, textDecorationLine: "underline" } },
    ":focus-visible": { outline: `${tokens.strokeWidthThick} solid ${tokens.colorStrokeFocus2}` },
  },
  small: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
  lines: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalXXS, minWidth: 0 },
});

/** A principal, and the permissions that it was set up with where that is known. */
export interface PrincipalRow {
  card: PrincipalCard;
  permissions?: string[];
}

/** Principals to open, each with what tells it from a namesake. */
export function PrincipalList({
  label,
  rows,
  disabled = false,
}: {
  label: string;
  rows: PrincipalRow[];
  disabled?: boolean;
}) {
  const styles = useStyles();
  const t = useWords();
  return (
    <ul className={styles.list} aria-label={label}>
      {rows.map(({ card, permissions }) => (
        <li key={card.objectId ?? card.clientId} className={styles.item}>
          <Link
            to="/verify/$principal"
            params={{ principal: card.objectId ?? card.clientId }}
            search={{ permissions }}
            disabled={disabled}
            className={styles.link}
          >
            <span className={styles.lines}>
              <Name text={card.name} strong />
              <span className={styles.small}>
                {traits(card, t("word.clientId"), t(`kind.${card.kind}`)).map((trait, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: the traits of one card never move
                  <Fragment key={index}>
                    {index > 0 && " · "}
                    {trait}
                  </Fragment>
                ))}
              </span>
              {card.enabled === false && <Mark tone="warn">{t("identity.disabled")}</Mark>}
            </span>
            <span aria-hidden="true">
              <ClosedIcon />
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

function traits(card: PrincipalCard, clientIdWord: string, kind: string): ReactNode[] {
  const id = (
    <>
      {clientIdWord} <ShortId id={card.clientId} />
    </>
  );
  return [kind, card.azure?.typeName, card.azure?.resourceGroup, id].filter(Boolean);
}
