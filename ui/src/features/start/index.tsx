import { useState } from "react";
import type { StartStatus } from "../../api/bindings";
import { CreateCompany } from "./CreateCompany";
import { FirstRun } from "./FirstRun";
import { Recovery } from "./Recovery";

/** Before there is a shop to sign in to: begin one, or bring a damaged one back. */
export default function Start({ status }: { status: StartStatus }) {
  const [creating, setCreating] = useState(false);
  if (status.state !== "empty") return <Recovery status={status} />;
  return creating ? (
    <CreateCompany onBack={() => setCreating(false)} />
  ) : (
    <FirstRun status={status} onCreate={() => setCreating(true)} />
  );
}
