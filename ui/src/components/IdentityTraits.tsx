import { makeStyles } from "@fluentui/react-components";
import { Fragment, type ReactNode } from "react";
import type { PrincipalCard } from "../backend/types";
import { useWords } from "../words/useWords";
import { CopyId } from "./Id";
import { Name } from "./Name";

// The word and its id go to the next line together.
const useStyles = makeStyles({ id: { display: "inline-block" } });

/**
 * Where a managed identity runs and its object id: what tells it from its namesakes. `after` is the subject before it,
 * which may name type and group in brackets at its end.
 */
export function IdentityTraits({ card, after = "" }: { card: PrincipalCard; after?: string }) {
  const styles = useStyles();
  const t = useWords();
  const said = /\(([^()]*)\)$/.exec(after)?.[1] ?? "";
  const { azure, objectId } = card;
  const traits: { key: string; shown: ReactNode }[] = [];
  if (azure?.typeName && !said.includes(azure.typeName)) {
    traits.push({ key: "type", shown: azure.typeName });
  }
  if (azure?.resourceName && azure.resourceName !== card.name) {
    traits.push({ key: "resource", shown: <Name text={azure.resourceName} /> });
  }
  if (azure?.resourceGroup && !said.includes(azure.resourceGroup)) {
    traits.push({ key: "group", shown: t("identity.group", { name: azure.resourceGroup }) });
  }
  if (objectId !== null) {
    traits.push({
      key: "id",
      shown: (
        <span className={styles.id}>
          {t("word.objectId")} <CopyId id={objectId} what={t("word.objectId")} />
        </span>
      ),
    });
  }
  return traits.map(({ key, shown }, index) => (
    <Fragment key={key}>
      {index > 0 && " · "}
      {shown}
    </Fragment>
  ));
}
