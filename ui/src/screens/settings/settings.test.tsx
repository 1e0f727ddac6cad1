import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { Backend } from "../../backend/backend";
import type { AppInfo, Settings } from "../../backend/types";
import { appInfo, problem } from "../../testing/fixtures";
import { expectNoViolations, heading, open } from "../../testing/open";
import { clouds, contoso, fabrikam, noSettings, OWN_CLIENT } from "../../testing/sessionFixtures";

const kept: Settings = {
  clouds: [],
  clients: [{ cloud: "global", tenant: "contoso.com", clientId: OWN_CLIENT }],
  remembered: [contoso, fabrikam],
  lockAfterMinutes: 15,
};

/** Opens Settings over a Rust side that keeps what is saved. */
function openSettings(part: Partial<AppInfo> = {}, answers: Partial<Backend> = {}) {
  let info: AppInfo = { ...appInfo, settings: kept, ...part };
  return open("/settings", {
    appInfo: async () => info,
    saveSettings: async (settings) => {
      info = {
        ...info,
        settings,
        clouds: clouds.map((cloud) => {
          const changed = settings.clouds.find(({ key }) => key === cloud.key);
          return changed ? { ...cloud, hosts: changed.hosts, edited: true } : cloud;
        }),
      };
      return settings;
    },
    ...answers,
  });
}

describe("settings", () => {
  it("show what is kept on this computer, part by part", async () => {
    openSettings({
      network: { proxy: "http://proxy.contoso.com:8080", source: "HTTPS_PROXY", noProxy: "localhost" },
    });
    await heading("Settings");
    expect(screen.getByRole("combobox", { name: "Lock after" })).toHaveDisplayValue("15 minutes");
    expect(screen.getByText("http://proxy.contoso.com:8080")).toBeVisible();
    expect(screen.getByText("HTTPS_PROXY")).toBeVisible();
    const remembered = screen.getByRole("list", { name: "Remembered tenants" });
    expect(remembered).toHaveTextContent("Fabrikam · ops@fabrikam.usUS Government L4 · with the Azure CLI");
    expect(screen.getByRole("list", { name: "Clouds" })).toHaveTextContent("dod-graph.microsoft.us");
    expect(screen.getByRole("list", { name: "Apps to sign in with" })).toHaveTextContent("Global · contoso.com");
    await expectNoViolations();
  });

  it("say when there is nothing", async () => {
    openSettings({ settings: noSettings });
    await heading("Settings");
    expect(screen.getAllByText("None yet.")).toHaveLength(2);
    expect(screen.getByText("None: tenants are reached directly.")).toBeVisible();
  });

  it("keep the lock's minutes at once, beside what Rust has kept meanwhile", async () => {
    const { backend, user } = openSettings();
    await user.selectOptions(await screen.findByRole("combobox", { name: "Lock after" }), "60 minutes");
    await waitFor(() => expect(backend.callsOf("saveSettings")).toEqual([[{ ...kept, lockAfterMinutes: 60 }]]));
    await waitFor(() => expect(screen.getByRole("combobox", { name: "Lock after" })).toHaveDisplayValue("60 minutes"));
    expect(screen.getByRole("status")).toHaveTextContent("Saved.");
    expect(within(screen.getByRole("combobox", { name: "Lock after" })).getAllByRole("option")).toHaveLength(5);
  });

  it("say why they could not be saved, and stay as they were", async () => {
    const { user } = openSettings(
      {},
      {
        saveSettings: async () => {
          throw problem({ code: "localFile", message: "The settings cannot be written: the disk is full." });
        },
      },
    );
    await user.selectOptions(await screen.findByRole("combobox", { name: "Lock after" }), "Never");
    expect(await screen.findByRole("alert")).toHaveTextContent("the disk is full");
    expect(screen.getByRole("combobox", { name: "Lock after" })).toHaveDisplayValue("15 minutes");
    await expectNoViolations();
  });

  it("change a cloud's hosts only under a warning, and go back to Microsoft's", async () => {
    const { backend, user } = openSettings();
    await user.click(await screen.findByRole("button", { name: "Change the hosts of Global" }));
    expect(screen.getByText(/Sign-ins and tokens go to these hosts/)).toBeVisible();
    const graph = screen.getByRole("textbox", { name: /Microsoft Graph host/ });
    expect(screen.getByRole("textbox", { name: /Sign-in host/ })).toHaveFocus();
    await expectNoViolations();
    await user.clear(graph);
    await user.click(screen.getByRole("button", { name: "Save these hosts" }));
    expect(await screen.findByText("Enter the name of a host.")).toBeVisible();
    await waitFor(() => expect(graph).toHaveFocus());
    expect(backend.callsOf("saveSettings")).toHaveLength(0);
    await user.type(graph, "graph.contoso.example");
    await user.click(screen.getByRole("button", { name: "Save these hosts" }));
    await waitFor(() => expect(screen.queryByRole("button", { name: "Save these hosts" })).toBeNull());
    expect(backend.callsOf("saveSettings")[0]?.[0]).toMatchObject({
      clouds: [{ key: "global", hosts: { ...clouds[0]?.hosts, graph: "graph.contoso.example" } }],
      remembered: kept.remembered,
    });
    expect(screen.getByRole("list", { name: "Clouds" })).toHaveTextContent("changed from Microsoft's");
    await waitFor(() => expect(screen.getByRole("button", { name: "Change the hosts of Global" })).toHaveFocus());

    await user.click(screen.getByRole("button", { name: "Reset Global to Microsoft's hosts" }));
    await waitFor(() => expect(screen.queryByText("changed from Microsoft's")).toBeNull());
    expect(backend.callsOf("saveSettings")[1]?.[0]).toMatchObject({ clouds: [] });
    expect(screen.getByRole("list", { name: "Clouds" })).toHaveTextContent("graph.microsoft.com");
  });

  it("put what Rust says of a host beside it", async () => {
    const { user } = openSettings(
      {},
      {
        saveSettings: async () => {
          throw problem({
            code: "invalidInput",
            message: "The settings were not saved.",
            fields: [{ field: "clouds.china.login", message: "This is no name of a host." }],
          });
        },
      },
    );
    await user.click(await screen.findByRole("button", { name: "Change the hosts of China (21Vianet)" }));
    const login = screen.getByRole("textbox", { name: /Sign-in host/ });
    await user.type(login, "/path");
    await user.click(screen.getByRole("button", { name: "Save these hosts" }));
    expect(await screen.findByText("This is no name of a host.")).toBeVisible();
    expect(login).toHaveFocus();
    expect(login).toHaveValue("login.partner.microsoftonline.cn/path");
    await user.click(screen.getByRole("button", { name: "Discard" }));
    expect(screen.queryByText("This is no name of a host.")).toBeNull();
  });

  it("keep a client of one's own for a cloud and tenant, tested before", async () => {
    const { backend, user } = openSettings();
    await user.click(await screen.findByRole("button", { name: "Add an app" }));
    expect(screen.getByRole("combobox", { name: "Cloud" })).toHaveFocus();
    await user.click(screen.getByRole("button", { name: "Add this app" }));
    expect(await screen.findByText(/Enter the client id of your app registration/)).toBeVisible();
    const client = "99999999-8888-4777-8666-555555555555";
    await user.type(screen.getByRole("textbox", { name: "Tenant" }), "CONTOSO.com");
    await user.type(screen.getByRole("textbox", { name: /Client ID/ }), client);
    expect(screen.getByText("This cloud and tenant have an app already. Remove it first.")).toBeVisible();
    await user.clear(screen.getByRole("textbox", { name: "Tenant" }));
    await user.click(screen.getByRole("button", { name: "Test it" }));
    await screen.findByRole("list", { name: "What was looked at" });
    expect(backend.callsOf("testClient")).toEqual([["global", "", client]]);
    await expectNoViolations();
    await user.click(screen.getByRole("button", { name: "Add this app" }));
    await waitFor(() => expect(screen.queryByRole("button", { name: "Add this app" })).toBeNull());
    expect(backend.callsOf("saveSettings")[0]?.[0]).toMatchObject({
      clients: [...kept.clients, { cloud: "global", tenant: "", clientId: client }],
    });
    const list = screen.getByRole("list", { name: "Apps to sign in with" });
    expect(list).toHaveTextContent("Global · every tenant");
    await waitFor(() => expect(screen.getByRole("button", { name: "Add an app" })).toHaveFocus());
    await user.click(screen.getByRole("button", { name: `Remove ${OWN_CLIENT}` }));
    await waitFor(() => expect(list).not.toHaveTextContent(OWN_CLIENT));
  });

  it("tell how to register a client, and lead back", async () => {
    const { user } = openSettings();
    await user.click(await screen.findByRole("button", { name: "Add an app" }));
    await user.selectOptions(screen.getByRole("combobox", { name: "Cloud" }), "China (21Vianet)");
    await user.click(screen.getByRole("button", { name: "How do I register one?" }));
    await heading("Register an app to sign in with");
    expect(screen.getByText(/In the China \(21Vianet\) cloud/)).toBeVisible();
    await expectNoViolations();
    await user.click(screen.getByRole("button", { name: "Settings" }));
    await heading("Settings");
  });

  it("forget a tenant", async () => {
    const { backend, user } = openSettings({}, { forgetTenant: async () => ({ ...kept, remembered: [contoso] }) });
    await user.click(await screen.findByRole("button", { name: "Forget Fabrikam" }));
    await waitFor(() => expect(screen.queryByText("Fabrikam")).toBeNull());
    expect(backend.callsOf("forgetTenant")).toEqual([["usGovL4", fabrikam.tenantId]]);
  });
});
