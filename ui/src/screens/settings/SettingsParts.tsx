import type { AppInfo } from "../../backend/types";
import { ClientsPart } from "./ClientsPart";
import { CloudsPart } from "./CloudsPart";
import { LockPart } from "./LockPart";
import { NetworkPart } from "./NetworkPart";
import { RememberedPart } from "./RememberedPart";

/** All that is kept between starts, each part saved by itself. */
export function SettingsParts({ info, onHow }: { info: AppInfo; onHow: (cloud: string) => void }) {
  return (
    <>
      <LockPart info={info} />
      <ClientsPart info={info} onHow={onHow} />
      <RememberedPart info={info} />
      <CloudsPart info={info} />
      <NetworkPart network={info.network} />
    </>
  );
}
