import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { opens } from "../../test/window";

describe("the cash session", () => {
  it("opens with a counted float, and the till is next", async () => {
    const { person, calls } = opens("user=sari&closed=1");
    await person.click(await screen.findByTestId("session-open"));
    await person.type(await screen.findByTestId("denomination-50000"), "4");
    await person.type(screen.getByTestId("denomination-10000"), "10");
    await waitFor(() => expect(screen.getByTestId("float-total").textContent).toContain("300,000"));
    await person.click(screen.getByTestId("session-open-confirm"));
    expect(await screen.findByTestId("till-search")).toBeTruthy();
    expect(calls("pos.open_session")[0]).toMatchObject({
      business_date: "2026-11-20",
      counted: [
        { denomination: 50_000, pieces: 4 },
        { denomination: 10_000, pieces: 10 },
      ],
    });
  });

  it("closes blind: the difference is shown after the count, and explained", async () => {
    const { person, calls } = opens("user=sari", "/sessions");
    await person.click(await screen.findByTestId("session-close"));
    await person.type(await screen.findByTestId("count-100000"), "17");
    expect(document.body.textContent).not.toContain("1,793,450");
    await person.click(screen.getByTestId("session-close-confirm"));
    expect((await screen.findByTestId("count-difference")).textContent).toContain("short");
    await person.type(screen.getByTestId("close-reason"), "Wrong change given");
    await person.click(screen.getByTestId("session-close-confirm"));
    expect((await screen.findByTestId("z-number")).textContent).toBe("JKT01-T1-26-Z000213");
    expect(calls("pos.count_drawer")[0]).toMatchObject({
      counted: [{ denomination: 100_000, pieces: 17 }],
    });
    expect(calls("pos.close_session")[0]).toMatchObject({ reason: "Wrong change given" });
  });
});
