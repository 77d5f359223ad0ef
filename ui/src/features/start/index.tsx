import { useState } from "react";
import type { StartStatus } from "../../api/bindings";
import { BringCompany } from "./BringCompany";
import { CreateCompany } from "./CreateCompany";
import { FirstRun } from "./FirstRun";
import { Recovery } from "./Recovery";

/** Before there is a shop to sign in to: begin one, or bring a damaged one back. */
export default function Start({ status }: { status: StartStatus }) {
  const [way, setWay] = useState<"create" | "bring" | null>(null);
  if (status.state !== "empty") return <Recovery status={status} />;
  const back = () => setWay(null);
  if (way === "create") return <CreateCompany onBack={back} />;
  if (way === "bring") return <BringCompany onBack={back} />;
  return (
    <FirstRun status={status} onCreate={() => setWay("create")} onBring={() => setWay("bring")} />
  );
}
