import { activity } from "./activity";
import { common } from "./common";
import { connect } from "./connect";
import { consent } from "./consent";
import { frame } from "./frame";
import { home } from "./home";
import { plan } from "./plan";
import { register } from "./register";
import { run } from "./run";
import { session } from "./session";
import { settings } from "./settings";
import { setup } from "./setup";
import { unfinished } from "./unfinished";
import { verify } from "./verify";

/** Every word on screen, one catalogue per screen. */
export const en = {
  ...common,
  ...frame,
  ...session,
  ...connect,
  ...register,
  ...home,
  ...setup,
  ...plan,
  ...run,
  ...consent,
  ...unfinished,
  ...verify,
  ...activity,
  ...settings,
} as const;
