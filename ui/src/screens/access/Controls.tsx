import { Field, makeStyles, Select, tokens } from "@fluentui/react-components";
import { SearchField } from "../../components/SearchField";
import { useWords, type WordId } from "../../words/useWords";
import { useAuditHandle, useAuditState } from "./AuditProvider";
import type { Filter, GroupBy } from "./rows";
import { usePermissionTitles } from "./usePermissionTitles";

const TYPES: Record<string, WordId> = {
  ServicePrincipal: "access.typeServicePrincipal",
  User: "access.typeUser",
  Group: "access.typeGroup",
};

const GROUPS: { by: GroupBy; word: WordId }[] = [
  { by: "", word: "access.groupNone" },
  { by: "principal", word: "access.groupPrincipal" },
  { by: "permission", word: "access.groupPermission" },
];

const useStyles = makeStyles({
  row: {
    display: "flex",
    flexWrap: "wrap",
    alignItems: "end",
    columnGap: tokens.spacingHorizontalM,
    rowGap: tokens.spacingVerticalS,
  },
  // What one types is longer than what one chooses.
  text: { flexGrow: 2, flexBasis: "180px", minWidth: 0 },
  // A choice is as wide as its place, not as its longest word.
  choice: { flexGrow: 1, flexBasis: "120px", minWidth: 0, "& select": { width: "100%", minWidth: 0 } },
  count: {
    color: tokens.colorNeutralForeground2,
    fontSize: tokens.fontSizeBase200,
    paddingBottom: tokens.spacingVerticalXS,
  },
});

/** What is shown of the list: by text, permission and type; how it is grouped; and how many rows that leaves. */
export function Controls({ shown }: { shown: number }) {
  const styles = useStyles();
  const t = useWords();
  const titles = usePermissionTitles();
  const { table, count } = useAuditState();
  const { look, change } = useAuditHandle();
  const { filter, groupBy } = look;
  const only = (changed: Partial<Filter>) => change({ filter: { ...filter, ...changed } });
  const permissions = [...table.permissions].sort();
  const types = [...table.types].sort();
  const named = (value: string) => {
    const title = titles.get(value);
    return title === undefined ? value : `${title} (${value})`;
  };
  return (
    <div className={styles.row}>
      <div className={styles.text}>
        <SearchField
          size="small"
          label={t("access.filter")}
          placeholder={t("access.filterHint")}
          value={filter.text}
          onChange={(text) => only({ text })}
          searching={false}
        />
      </div>
      {(permissions.length > 1 || filter.permission !== "") && (
        <Field label={t("access.permission")} size="small" className={styles.choice}>
          <Select size="small" value={filter.permission} onChange={(_, { value }) => only({ permission: value })}>
            <option value="">{t("access.anyPermission")}</option>
            {permissions.map((value) => (
              <option key={value} value={value}>
                {named(value)}
              </option>
            ))}
          </Select>
        </Field>
      )}
      {(types.length > 1 || filter.type !== "") && (
        <Field label={t("access.type")} size="small" className={styles.choice}>
          <Select size="small" value={filter.type} onChange={(_, { value }) => only({ type: value })}>
            <option value="">{t("access.anyType")}</option>
            {types.map((type) => {
              const word = TYPES[type];
              return (
                <option key={type} value={type}>
                  {word === undefined ? type : t(word)}
                </option>
              );
            })}
          </Select>
        </Field>
      )}
      <Field label={t("access.group")} size="small" className={styles.choice}>
        <Select
          size="small"
          value={groupBy}
          onChange={(_, { value }) => {
            const by = GROUPS.find((group) => group.by === value)?.by ?? "";
            change({ groupBy: by, opened: new Set() });
          }}
        >
          {GROUPS.map(({ by, word }) => (
            <option key={by} value={by}>
              {t(word)}
            </option>
          ))}
        </Select>
      </Field>
      <span className={styles.count}>
        {shown === count ? t("access.shown", { shown }) : t("access.shownOf", { shown, count })}
      </span>
    </div>
  );
}
