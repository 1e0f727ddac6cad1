import { access } from "./access";
import { activity } from "./activity";
import { changes } from "./changes";
import { common } from "./common";
import { connect } from "./connect";
import { consent } from "./consent";
import { evidence } from "./evidence";
import { fix } from "./fix";
import { frame } from "./frame";
import { handover } from "./handover";
import { home } from "./home";
import { plan } from "./plan";
import { register } from "./register";
import { renew } from "./renew";
import { road } from "./road";
import { run } from "./run";
import { scripts } from "./scripts";
import { session } from "./session";
import { settings } from "./settings";
import { setup } from "./setup";
import { unfinished } from "./unfinished";
import { upload } from "./upload";
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
  ...fix,
  ...run,
  ...consent,
  ...unfinished,
  ...verify,
  ...renew,
  ...changes,
  ...road,
  ...upload,
  ...handover,
  ...evidence,
  ...access,
  ...scripts,
  ...activity,
  ...settings,
} as const;
