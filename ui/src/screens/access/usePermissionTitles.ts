import { useMemo } from "react";
import { useConnection } from "../../app/connection";
import { useAuditState } from "./AuditProvider";

/** What each permission lets a client do, by value, as far as it is known here. */
export function usePermissionTitles(): ReadonlyMap<string, string> {
  const { connection } = useConnection();
  const { summary } = useAuditState();
  return useMemo(() => {
    const told = [
      ...connection.permissionSets.flatMap(({ permissions }) => permissions),
      ...(summary?.permissions ?? []),
    ];
    return new Map(told.filter(({ title }) => title !== "").map(({ value, title }) => [value, title]));
  }, [connection, summary]);
}
