import type { PrincipalCard } from "../../backend/types";

/** The traits by which two identities of one name can be told apart. */
export type Trait = "kind" | "type" | "resource" | "group" | "subscription" | "created" | "id";

function trait(card: PrincipalCard, name: Trait): string | null {
  switch (name) {
    case "kind":
      return card.kind;
    case "type":
      return card.azure?.typeName ?? null;
    case "resource":
      return card.azure?.resourceName ?? null;
    case "group":
      return card.azure?.resourceGroup ?? null;
    case "subscription":
      return card.azure?.subscription ?? null;
    case "created":
      return card.created;
    case "id":
      return card.objectId;
  }
}

const TRAITS: Trait[] = ["kind", "type", "resource", "group", "subscription", "created"];

/** For each card that shares its name with another: the traits in which they differ. */
export function differences(cards: PrincipalCard[]): Map<PrincipalCard, Set<Trait>> {
  const byName = new Map<string, PrincipalCard[]>();
  for (const card of cards) {
    // Case is no difference to the eye that skims a list.
    const key = card.name.toLocaleLowerCase();
    byName.set(key, [...(byName.get(key) ?? []), card]);
  }
  const result = new Map<PrincipalCard, Set<Trait>>();
  for (const group of byName.values()) {
    if (group.length < 2) {
      continue;
    }
    const different = TRAITS.filter((name) => new Set(group.map((card) => trait(card, name))).size > 1);
    for (const card of group) {
      // The id always differs; it is what to look at only where nothing else does.
      result.set(card, new Set(different.length === 0 ? ["id"] : different));
    }
  }
  return result;
}
