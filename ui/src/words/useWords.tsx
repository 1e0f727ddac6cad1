import { type ReactNode, useCallback } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import type { en } from "./en";

export type WordId = keyof typeof en;
type Values = Record<string, string | number>;

/** `t("setup.title")`: one entry of the catalogue, with its values filled in. */
export function useWords(): (id: WordId, values?: Values) => string {
  const intl = useIntl();
  return useCallback((id, values) => intl.formatMessage({ id }, values), [intl]);
}

/** The same with elements as values, for names and ids inside of sentences. `<b>` in the words stands out. */
export function Words({ id, values }: { id: WordId; values?: Record<string, ReactNode> }) {
  return <FormattedMessage id={id} values={{ b: strong, ...values }} />;
}

function strong(words: ReactNode[]) {
  return <strong>{words}</strong>;
}
