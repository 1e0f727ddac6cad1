import { createMemoryHistory, createRootRoute, createRoute, createRouter } from "@tanstack/react-router";
import { AccessPage } from "../screens/access/AccessPage";
import { CredentialsPage } from "../screens/access/CredentialsPage";
import { ActivityPage } from "../screens/activity/ActivityPage";
import { RunDetailPage } from "../screens/activity/RunDetailPage";
import { RequestPage } from "../screens/consent/RequestPage";
import { HandOverPage } from "../screens/handover/HandOverPage";
import { HomePage } from "../screens/home/HomePage";
import { RegisterPage } from "../screens/settings/RegisterPage";
import { SettingsPage } from "../screens/settings/SettingsPage";
import { AppPage } from "../screens/setup/AppPage";
import { ChoicePage } from "../screens/setup/ChoicePage";
import { IdentityPage } from "../screens/setup/IdentityPage";
import { PlanPage } from "../screens/setup/PlanPage";
import { RunPage } from "../screens/setup/RunPage";
import { UploadPage } from "../screens/upload/UploadPage";
import { FindPage } from "../screens/verify/FindPage";
import { VerifyPage } from "../screens/verify/VerifyPage";
import { PageFault } from "./PageFault";
import { Root } from "./Root";

/** The permissions to check a principal against; none for the tenant's default set. */
function verifySearch({ permissions }: Record<string, unknown>): { permissions?: string[] } {
  return Array.isArray(permissions) ? { permissions: permissions.filter((value) => typeof value === "string") } : {};
}

/** The cloud whose portal is meant; none for the first one. */
function registerSearch({ cloud }: Record<string, unknown>): { cloud?: string } {
  return typeof cloud === "string" ? { cloud } : {};
}

/** Client id and name of the client, and the job to begin with; none for the one that is ready. */
function uploadSearch({ client, name, job }: Record<string, unknown>): { client: string; name: string; job?: string } {
  const text = (value: unknown) => (typeof value === "string" ? value : "");
  return { client: text(client), name: text(name), ...(typeof job === "string" ? { job } : {}) };
}

const root = createRootRoute({ component: Root });

const routes = [
  createRoute({ getParentRoute: () => root, path: "/", component: HomePage }),
  createRoute({ getParentRoute: () => root, path: "/setup", component: ChoicePage }),
  createRoute({ getParentRoute: () => root, path: "/setup/app", component: AppPage }),
  createRoute({ getParentRoute: () => root, path: "/setup/identity", component: IdentityPage }),
  createRoute({ getParentRoute: () => root, path: "/setup/plan", component: PlanPage }),
  createRoute({ getParentRoute: () => root, path: "/setup/run", component: RunPage }),
  createRoute({ getParentRoute: () => root, path: "/consent", component: RequestPage }),
  createRoute({ getParentRoute: () => root, path: "/settings", component: SettingsPage }),
  createRoute({
    getParentRoute: () => root,
    path: "/settings/register",
    component: RegisterPage,
    validateSearch: registerSearch,
  }),
  createRoute({ getParentRoute: () => root, path: "/verify", component: FindPage }),
  createRoute({
    getParentRoute: () => root,
    path: "/verify/$principal",
    component: VerifyPage,
    validateSearch: verifySearch,
  }),
  createRoute({ getParentRoute: () => root, path: "/verify/$principal/handover", component: HandOverPage }),
  createRoute({
    getParentRoute: () => root,
    path: "/verify/$principal/upload",
    component: UploadPage,
    validateSearch: uploadSearch,
  }),
  createRoute({ getParentRoute: () => root, path: "/access", component: AccessPage }),
  createRoute({ getParentRoute: () => root, path: "/access/credentials", component: CredentialsPage }),
  createRoute({ getParentRoute: () => root, path: "/activity", component: ActivityPage }),
  createRoute({ getParentRoute: () => root, path: "/activity/$run", component: RunDetailPage }),
];

/** The pages live in memory: an address bar there is none, and no id should stay in a history. */
export function makeRouter(start = "/") {
  return createRouter({
    routeTree: root.addChildren(routes),
    history: createMemoryHistory({ initialEntries: [start] }),
    defaultErrorComponent: PageFault,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
