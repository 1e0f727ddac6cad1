import { mergeClasses } from "@fluentui/react-components";
import { useNavigate } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from "react";
import { HiddenText, useAnnounce } from "../../components/Announcer";
import { useWords } from "../../words/useWords";
import { useAuditHandle, useAuditState } from "./AuditProvider";
import { hasDetails } from "./DetailCells";
import { COLUMN_COUNT, GridHead } from "./GridHead";
import { GroupLine } from "./GroupLine";
import { gridKeys } from "./gridKeys";
import { HEAD, LINE, useGridStyles } from "./gridStyles";
import { HolderLine, type LineActs } from "./HolderLine";
import { between, chosenOf, rowsOf, withRows } from "./selection";
import { useDetails } from "./useDetails";
import { usePermissionTitles } from "./usePermissionTitles";
import type { Shown } from "./useShown";

/** Who holds what. Only the lines in sight exist, however many there are. */
export function HolderGrid({ shown }: { shown: Shown }) {
  const styles = useGridStyles();
  const t = useWords();
  const announce = useAnnounce();
  const navigate = useNavigate();
  const ids = useId();
  const titles = usePermissionTitles();
  const { table, phase } = useAuditState();
  const { store, look, change, scrolled } = useAuditHandle();
  const { lines, rows } = shown;
  const grid = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(0);
  const [focused, setFocused] = useState(false);
  /** Where the last choice was made, from which one may choose further. */
  const anchor = useRef(0);
  const reading = phase === "reading";

  const virtual = useVirtualizer({
    count: lines.count,
    getScrollElement: () => grid.current,
    estimateSize: () => LINE,
    overscan: 6,
    scrollMargin: HEAD,
    scrollPaddingStart: HEAD,
    initialOffset: () => scrolled.current,
    useFlushSync: false,
  });
  const items = virtual.getVirtualItems();
  const inSight = { first: items[0]?.index ?? 0, last: items.at(-1)?.index ?? -1 };
  const details = useDetails(table, lines, inSight, virtual.isScrolling || reading);

  useLayoutEffect(() => {
    const box = grid.current;
    if (box) {
      box.scrollTop = scrolled.current;
    }
    return () => {
      // The list of another reading begins at its top.
      scrolled.current = store.current().table === table ? (box?.scrollTop ?? 0) : 0;
    };
  }, [scrolled, store, table]);

  // Another order or filter is another list, which begins at its top; and so it is ordered once everything is read. A
  // further choice must never begin at a line that has another row now.
  const { filter, sort, groupBy } = look;
  const seen = useRef({ filter, sort, groupBy, reading });
  useEffect(() => {
    const before = seen.current;
    if (before.filter !== filter || before.sort !== sort || before.groupBy !== groupBy || before.reading !== reading) {
      seen.current = { filter, sort, groupBy, reading };
      anchor.current = 0;
      setActive(0);
      if (grid.current) {
        grid.current.scrollTop = 0;
      }
    }
  }, [filter, sort, groupBy, reading]);

  const choose = (some: number[], chosen: boolean) => {
    const selection = withRows(look.selection, some, chosen);
    change({ selection });
    announce(t("access.selected", { count: selection.size }));
  };
  const pick = (position: number, chosen: boolean, further: boolean) => {
    const from = further ? anchor.current : position;
    choose(further ? between(lines, from, position) : rowsOf(lines.at(position)), further || chosen);
    anchor.current = from;
    setActive(position);
    grid.current?.focus({ preventScroll: true });
  };
  const setOpen = (position: number, open: boolean) => {
    const line = lines.at(position);
    if (line?.kind === "group" && line.open !== open) {
      const opened = new Set(look.opened);
      if (open) {
        opened.add(line.group.key);
      } else {
        opened.delete(line.group.key);
      }
      change({ opened });
      // What stood below has moved.
      anchor.current = position;
    }
  };
  const enter = (position: number) => {
    setActive(position);
    const line = lines.at(position);
    if (line?.kind === "group") {
      grid.current?.focus({ preventScroll: true });
      setOpen(position, !line.open);
      return;
    }
    const row = line === undefined ? undefined : table.rows[line.index];
    if (row !== undefined && hasDetails(row.principalType)) {
      navigate({ to: "/verify/$principal", params: { principal: row.principalId }, search: {} });
    }
  };
  const isChosen = (position: number) => chosenOf(look.selection, rowsOf(lines.at(position))) === "all";
  const page = Math.max(1, Math.floor(((grid.current?.clientHeight ?? 0) - HEAD) / LINE));
  const onKeyDown = gridKeys(lines, active, page, {
    go: (position, further) => {
      if (further) {
        choose(between(lines, anchor.current, position), true);
      } else {
        anchor.current = position;
      }
      setActive(position);
      virtual.scrollToIndex(position);
    },
    pick: (position, further) => pick(position, !isChosen(position), further),
    chooseAll: () => choose(rows, true),
    enter,
    setOpen,
  });

  // One object for all lines and all time, so that a line is drawn again only when it has changed itself.
  const latest = useRef<LineActs>({ pick, open: enter });
  useEffect(() => {
    latest.current = { pick, open: enter };
  });
  const acts = useMemo<LineActs>(
    () => ({
      pick: (...args) => latest.current.pick(...args),
      open: (position) => latest.current.open(position),
    }),
    [],
  );

  const ofAll = useMemo(() => chosenOf(look.selection, rows), [look.selection, rows]);
  const grouped = look.groupBy !== "";
  const at = Math.min(active, lines.count - 1);
  const activeExists = at >= inSight.first && at <= inSight.last;
  return (
    <>
      <HiddenText>
        <span id={`${ids}keys`}>{t("access.keys")}</span>
      </HiddenText>
      <div
        ref={grid}
        role={grouped ? "treegrid" : "grid"}
        aria-label={t("access.grid")}
        aria-describedby={`${ids}keys`}
        aria-rowcount={lines.count + 1}
        aria-colcount={COLUMN_COUNT}
        aria-multiselectable
        aria-busy={reading}
        aria-activedescendant={activeExists ? `${ids}${at}` : undefined}
        tabIndex={0}
        className={styles.grid}
        onKeyDown={onKeyDown}
        onFocus={({ target, currentTarget }) => setFocused(target === currentTarget)}
        onBlur={() => setFocused(false)}
      >
        <div role="rowgroup" className={mergeClasses(styles.wide, styles.headGroup)}>
          <GridHead
            sort={look.sort}
            onSort={(next) => change({ sort: next })}
            count={rows.length}
            chosen={ofAll}
            onChooseAll={(chosen) => choose(rows, chosen)}
          />
        </div>
        <div role="rowgroup" className={styles.wide}>
          <div role="presentation" className={styles.lines} style={{ height: virtual.getTotalSize() }}>
            {items.map(({ index: position, start }) => {
              const line = lines.at(position);
              if (line === undefined) {
                return null;
              }
              const placed = {
                id: `${ids}${position}`,
                position,
                top: start - HEAD,
                active: focused && position === at,
                acts,
              };
              if (line.kind === "group") {
                const { group, open } = line;
                const one = table.rows[group.members[0] ?? 0];
                const name =
                  look.groupBy === "principal" ? (one?.name ?? group.key) : (titles.get(group.key) ?? group.key);
                return (
                  <GroupLine
                    key={`group ${group.key}`}
                    {...placed}
                    name={name}
                    count={group.members.length}
                    open={open}
                    chosen={chosenOf(look.selection, group.members)}
                  />
                );
              }
              const row = table.rows[line.index];
              return row === undefined ? null : (
                <HolderLine
                  key={line.index}
                  {...placed}
                  row={row}
                  title={titles.get(row.permission) ?? ""}
                  chosen={look.selection.has(line.index)}
                  detail={details.of(row.principalId)}
                  level={grouped ? 2 : undefined}
                />
              );
            })}
          </div>
        </div>
      </div>
    </>
  );
}
