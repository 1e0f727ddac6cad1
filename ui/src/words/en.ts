import { activity } from "./activity";
import { common } from "./common";
import { connect } from "./connect";
import { frame } from "./frame";
import { plan } from "./plan";
import { run } from "./run";
import { setup } from "./setup";
import { verify } from "./verify";

/** Every word on screen, one catalogue per screen. */
export const en = { ...common, ...frame, ...connect, ...setup, ...plan, ...run, ...verify, ...activity } as const;
