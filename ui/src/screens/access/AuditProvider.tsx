import { useQueryClient } from "@tanstack/react-query";
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
import { useConnection } from "../../app/connection";
import { useJob } from "../../app/job";
import { useBackend } from "../../backend/context";
import { type AuditState, AuditStore } from "./auditStore";
import { CREDENTIALS } from "./credentialsQuery";
import { DetailStore } from "./detailStore";
import { type Filter, type GroupBy, NO_FILTER, type Sort } from "./rows";
import type { Selection } from "./selection";

/** How the list is looked at; stays while one goes to another page and comes back. */
export interface AuditLook {
  filter: Filter;
  sort: Sort;
  groupBy: GroupBy;
  opened: ReadonlySet<string>;
  selection: Selection;
}

const FIRST_LOOK: AuditLook = {
  filter: NO_FILTER,
  sort: { key: "name", descending: false },
  groupBy: "",
  opened: new Set(),
  selection: new Set(),
};

interface AuditHandle {
  store: AuditStore;
  details: DetailStore;
  look: AuditLook;
  change: (look: Partial<AuditLook>) => void;
  /** Reads; what was chosen among the rows of before is chosen no more. */
  begin: (wanted: string[]) => void;
  /** How far the list was scrolled, in pixels. */
  scrolled: { current: number };
}

const AuditContext = createContext<AuditHandle | null>(null);

/** Holds the audit above the pages, so that a look at one principal does not cost reading them all again. */
export function AuditProvider({ children }: { children: ReactNode }) {
  const { connection } = useConnection();
  // Another tenant or another operator sees nothing of it.
  return <Held key={JSON.stringify([connection.cloudKey, connection.tenantId, connection.account])}>{children}</Held>;
}

function Held({ children }: { children: ReactNode }) {
  const backend = useBackend();
  const queries = useQueryClient();
  const { job } = useJob();
  const store = useMemo(() => new AuditStore(backend), [backend]);
  const [details, setDetails] = useState(() => new DetailStore(backend));
  const [look, setLook] = useState(FIRST_LOOK);
  const scrolled = useRef(0);
  useEffect(() => () => store.leave(), [store]);

  const change = useCallback((changed: Partial<AuditLook>) => setLook((before) => ({ ...before, ...changed })), []);
  const begin = useCallback(
    (wanted: string[]) => {
      scrolled.current = 0;
      setDetails(new DetailStore(backend));
      setLook((before) => ({
        ...before,
        filter: { ...before.filter, permission: "", type: "" },
        opened: new Set(),
        selection: new Set(),
      }));
      store.begin(wanted);
    },
    [backend, store],
  );

  const ran = useRef(false);
  useEffect(() => {
    if (ran.current && !job.running) {
      store.changed();
      queries.removeQueries({ queryKey: CREDENTIALS });
    }
    ran.current = job.running;
  }, [job.running, store, queries]);

  const handle = useMemo<AuditHandle>(
    () => ({ store, details, look, change, begin, scrolled }),
    [store, details, look, change, begin],
  );
  return <AuditContext.Provider value={handle}>{children}</AuditContext.Provider>;
}

export function useAuditHandle(): AuditHandle {
  const handle = useContext(AuditContext);
  if (handle === null) {
    throw new Error("useAuditHandle outside of AuditProvider");
  }
  return handle;
}

export function useAuditState(): AuditState {
  const { store } = useAuditHandle();
  return useSyncExternalStore(store.subscribe, store.current);
}
