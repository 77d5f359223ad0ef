import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { opens } from "../../test/window";

describe("the print queue", () => {
  it("shows what waits and why, and tries it again", async () => {
    const { person, calls } = opens("user=sari", "/printing");
    expect((await screen.findByTestId("print-job-0")).textContent).toContain("is it switched on");
    expect(screen.queryByText("printed")).toBeNull();
    const [retry] = screen.getAllByTestId("print-retry");
    if (!retry) throw new Error("nothing can be tried again");
    await person.click(retry);
    await waitFor(() => expect(calls("print.retry")).toEqual([{ print_job_id: "p0" }]));
  });

  it("drops a paper only when it is confirmed", async () => {
    const { person, calls } = opens("user=sari", "/printing");
    const [drop] = await screen.findAllByTestId("print-cancel");
    if (!drop) throw new Error("nothing can be dropped");
    await person.click(drop);
    expect(calls("print.cancel")).toHaveLength(0);
    const dialog = await screen.findByRole("dialog");
    await person.click(within(dialog).getByRole("button", { name: "Do not print" }));
    await waitFor(() => expect(calls("print.cancel")).toEqual([{ print_job_id: "p0" }]));
  });
});
