import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { ReactElement } from "react";
import { IntlProvider } from "react-intl";
import { afterEach, describe, expect, it, vi } from "vitest";
import { BackendProvider } from "../backend/context";
import { scripted } from "../testing/scripted";
import { en } from "../words/en";
import { Announcer } from "./Announcer";
import { ClipboardProvider } from "./Clipboard";
import { CopyId } from "./Id";
import { Name, Sentence } from "./Name";
import { pieces, quotedNames, shortened, visible } from "./text";
import { LastDay, When } from "./When";

function show(element: ReactElement, backend = scripted()) {
  render(
    <IntlProvider locale="en" messages={en}>
      <BackendProvider backend={backend}>
        <Announcer>
          <ClipboardProvider>{element}</ClipboardProvider>
        </Announcer>
      </BackendProvider>
    </IntlProvider>,
  );
  return backend;
}

describe("names from the tenant", () => {
  it("keep every character that can be seen", () => {
    for (const name of ["O'Brien & Söhne", "100 % #1 + more", "موظفين", "משאבי אנוש", "👩‍💻 team", "❤️", "a  b"]) {
      expect(pieces(name)).toEqual([{ kind: "text", text: name }]);
    }
  });

  it("show what cannot be seen: overrides, marks, zero-width characters, controls", () => {
    expect(pieces("HR\u202Edeef")).toEqual([
      { kind: "text", text: "HR" },
      { kind: "mark", code: "U+202E" },
      { kind: "text", text: "deef" },
    ]);
    for (const [character, code] of [
      ["\u200b", "U+200B"],
      ["\u200f", "U+200F"],
      ["\u2066", "U+2066"],
      ["\ufeff", "U+FEFF"],
      ["\u0000", "U+0000"],
      ["\n", "U+000A"],
      ["\u00ad", "U+00AD"],
      ["\u{e0041}", "U+E0041"],
    ]) {
      expect(pieces(`a${character}b`)[1]).toEqual({ kind: "mark", code });
    }
  });

  it("mark a joiner that joins no emoji", () => {
    expect(pieces("a\u200db").map(({ kind }) => kind)).toEqual(["text", "mark", "text"]);
  });

  it("stand apart from the sentence, so that a right-to-left name cannot turn it round", () => {
    show(<Name text={"\u202Eevil"} />);
    const isolated = screen.getByText("evil", { exact: false, selector: "bdi" });
    expect(isolated).toHaveTextContent("U+202Eevil");
    expect(isolated.textContent).not.toContain("\u202E");
  });
});

describe("sentences with names in them", () => {
  it("keep each quoted name apart", () => {
    show(<Sentence text={'Register the app "موظفين" beside “HR\u202Edeef”.'} />);
    const names = document.querySelectorAll("bdi");
    expect([...names].map((name) => name.textContent)).toEqual(["موظفين", "HRU+202Edeef"]);
    expect(names[0]?.parentElement).toHaveTextContent('Register the app "موظفين" beside “HRU+202Edeef”.');
  });

  it("lose nothing of what they say", () => {
    for (const text of ["", '"', '""', 'a "b', 'the app "a" b" and "c"', "no name"]) {
      expect(
        quotedNames(text)
          .map((part) => part.text)
          .join(""),
      ).toBe(text);
    }
  });

  it("can be told without elements", () => {
    expect(visible("HR\u202Edeef")).toBe("HRU+202Edeef");
  });
});

describe("ids", () => {
  it("are shortened in the middle, whole on hover, for the screen reader and in the copy", async () => {
    const id = "7d1c4b2a-90e3-4f58-8a6b-1c2d3e4f5a6b";
    const backend = show(<CopyId id={id} what="Client ID" />);
    expect(screen.getByText("7d1c4b2a…5a6b")).toBeVisible();
    expect(screen.getByText(id)).toBeInTheDocument();
    expect(screen.getByTitle(id)).toBeInTheDocument();
    await userEvent.click(screen.getByRole("button", { name: "Copy Client ID" }));
    expect(backend.callsOf("copyText")).toEqual([[id]]);
    expect(screen.getByRole("status")).toHaveTextContent("Client ID copied.");
  });

  it("stay whole when they are short", () => {
    expect(shortened("key-1234")).toBe("key-1234");
  });

  it("say so when the clipboard refuses", async () => {
    const backend = scripted({
      copyText: async () => {
        throw { code: "internal", message: "The clipboard is in use." };
      },
    });
    show(<CopyId id="abc" what="Client ID" />, backend);
    await userEvent.click(screen.getByRole("button", { name: "Copy Client ID" }));
    const words = "Client ID could not be copied. The clipboard is in use.";
    expect(screen.getByRole("status")).toHaveTextContent(words);
    expect(screen.getAllByText(words)).toHaveLength(2);
  });
});

describe("times", () => {
  afterEach(() => vi.unstubAllEnvs());

  it("are spelt by the system, with the zone on hover", () => {
    show(<When at="2026-11-12T10:40:00Z" />);
    const time = screen.getByText(/Nov 12, 2026, 10:40/);
    expect(time).toHaveAttribute("datetime", "2026-11-12T10:40:00Z");
    expect(time.title).toContain("UTC");
  });

  it("show what is no time as it is", () => {
    show(<When at="soon" />);
    expect(screen.getByText("soon")).toBeVisible();
  });

  it.each(["Pacific/Auckland", "America/Los_Angeles"])("keep the last day of a secret in %s", (zone) => {
    vi.stubEnv("TZ", zone);
    show(<LastDay at="2027-05-24T23:59:59Z" />);
    const day = screen.getByText("May 24, 2027");
    expect(day.title).toMatch(
      zone === "Pacific/Auckland" ? /May 25, 2027 at 11:59:59 AM/ : /May 24, 2027 at 4:59:59 PM/,
    );
  });

  it("keep a plain day the same day in every zone", () => {
    show(<When at="2027-05-24" day />);
    expect(screen.getByText("May 24, 2027")).toBeVisible();
  });
});
