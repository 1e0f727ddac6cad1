import {
  makeStyles,
  mergeClasses,
  Radio,
  Skeleton,
  SkeletonItem,
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
  Text,
  tokens,
} from "@fluentui/react-components";
import { useMemo } from "react";
import type { PrincipalCard } from "../../backend/types";
import { HiddenText } from "../../components/Announcer";
import { ShortId } from "../../components/Id";
import { Mark } from "../../components/Mark";
import { Name } from "../../components/Name";
import { SideScroll } from "../../components/SideScroll";
import { shortened, visible } from "../../components/text";
import { When } from "../../components/When";
import { useWords, type WordId } from "../../words/useWords";
import { differences, type Trait } from "./namesakes";

const useStyles = makeStyles({
  table: { minWidth: "560px" },
  pick: { width: "40px" },
  name: { width: "30%" },
  kind: { width: "18%" },
  created: { width: "96px" },
  row: { cursor: "pointer" },
  fixed: { cursor: "default" },
  cell: {
    // Physical sides: Fluent's own cell sets those, and beside them logical ones would win or lose by chance.
    paddingTop: tokens.spacingVerticalS,
    paddingBottom: tokens.spacingVerticalS,
    verticalAlign: "top",
    overflowWrap: "anywhere",
  },
  pickCell: { paddingTop: tokens.spacingVerticalXXS, paddingLeft: 0, paddingRight: 0, verticalAlign: "top" },
  lines: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalXXS, minWidth: 0 },
  small: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
  different: { fontWeight: tokens.fontWeightBold, color: tokens.colorNeutralForeground1 },
});

const COLUMNS: WordId[] = ["identity.name", "identity.kind", "identity.where", "identity.created"];

/** Managed identities to choose from, one. Those that share a name show in bold what differs. */
export function IdentityTable({
  rows,
  chosen,
  onChoose,
  disabled,
}: {
  rows: PrincipalCard[];
  chosen: string | null;
  onChoose: (card: PrincipalCard) => void;
  disabled: boolean;
}) {
  const styles = useStyles();
  const t = useWords();
  const widths: Partial<Record<WordId, string>> = {
    "identity.name": styles.name,
    "identity.kind": styles.kind,
    "identity.created": styles.created,
  };
  const different = useMemo(() => differences(rows), [rows]);
  return (
    <>
      {different.size > 0 && <Mark tone="warn">{t("identity.namesakes")}</Mark>}
      <SideScroll label={t("identity.table")}>
        <Table className={styles.table} aria-label={t("identity.table")} size="small">
          <TableHeader>
            <TableRow>
              <TableHeaderCell className={styles.pick}>
                <HiddenText>{t("identity.pick")}</HiddenText>
              </TableHeaderCell>
              {COLUMNS.map((column) => (
                <TableHeaderCell key={column} className={widths[column]}>
                  {t(column)}
                </TableHeaderCell>
              ))}
            </TableRow>
          </TableHeader>
          <TableBody>
            {rows.map((card) => (
              <Row
                key={card.objectId ?? card.clientId}
                card={card}
                different={different.get(card)}
                chosen={card.objectId !== null && card.objectId === chosen}
                onChoose={onChoose}
                disabled={disabled}
              />
            ))}
          </TableBody>
        </Table>
      </SideScroll>
    </>
  );
}

function Row({
  card,
  different,
  chosen,
  onChoose,
  disabled,
}: {
  card: PrincipalCard;
  different: Set<Trait> | undefined;
  chosen: boolean;
  onChoose: (card: PrincipalCard) => void;
  disabled: boolean;
}) {
  const styles = useStyles();
  const t = useWords();
  const azure = card.azure;
  const bold = (trait: Trait) => (different?.has(trait) ? styles.different : undefined);
  // The name alone would not tell namesakes apart by ear; where they run may not either.
  const spoken = [
    t("identity.choose", { name: visible(card.name) }),
    t(`kind.${card.kind}`),
    [azure?.typeName, azure?.resourceName, azure?.resourceGroup].filter(Boolean).join(" · "),
    different && azure?.subscription ? `${t("identity.subscription")} ${shortened(azure.subscription)}` : "",
    different && card.objectId !== null ? `${t("word.objectId")} ${shortened(card.objectId)}` : "",
  ];
  return (
    <TableRow
      className={mergeClasses(styles.row, disabled && styles.fixed)}
      onClick={disabled ? undefined : () => onChoose(card)}
      appearance={chosen ? "brand" : "none"}
    >
      <TableCell className={styles.pickCell}>
        <Radio
          name="identity"
          value={card.objectId ?? ""}
          checked={chosen}
          onChange={() => onChoose(card)}
          disabled={disabled}
          aria-label={spoken.filter(Boolean).join(", ")}
        />
      </TableCell>
      <TableCell className={styles.cell}>
        <div className={styles.lines}>
          <Name text={card.name} strong />
          {card.objectId !== null && (
            <span className={mergeClasses(styles.small, bold("id"))}>
              {t("word.objectId")} <ShortId id={card.objectId} />
            </span>
          )}
          {card.enabled === false && <Mark tone="warn">{t("identity.disabled")}</Mark>}
        </div>
      </TableCell>
      <TableCell className={mergeClasses(styles.cell, bold("kind"))}>{t(`kind.${card.kind}`)}</TableCell>
      <TableCell className={styles.cell}>
        {azure === null ? (
          <Text className={styles.small}>{t("word.unknown")}</Text>
        ) : (
          <div className={styles.lines} title={azure.id}>
            <span>
              <span className={bold("type")}>{azure.typeName}</span>
              {azure.resourceName !== null && azure.resourceName !== card.name && (
                <span className={bold("resource")}> · {azure.resourceName}</span>
              )}
            </span>
            {azure.resourceGroup !== null && (
              <span className={mergeClasses(styles.small, bold("group"))}>
                {t("identity.group", { name: azure.resourceGroup })}
              </span>
            )}
            {azure.subscription !== null && (
              <span className={mergeClasses(styles.small, bold("subscription"))}>
                {t("identity.subscription")} <ShortId id={azure.subscription} />
              </span>
            )}
          </div>
        )}
      </TableCell>
      <TableCell className={mergeClasses(styles.cell, bold("created"))}>
        {card.created === null ? t("word.unknown") : <When at={card.created} day />}
      </TableCell>
    </TableRow>
  );
}

/** The table while its rows are on their way, in its final size. */
export function IdentityTableSkeleton() {
  const styles = useStyles();
  const t = useWords();
  return (
    <Skeleton aria-label={t("word.loading")}>
      <div className={styles.lines}>
        {["a", "b", "c", "d"].map((row) => (
          <SkeletonItem key={row} size={48} />
        ))}
      </div>
    </Skeleton>
  );
}
