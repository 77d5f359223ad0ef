import { useState } from "react";
import type { StartStatus } from "../../api/bindings";
import { useRead } from "../../api/call";
import { BringCompany } from "./BringCompany";
import { CreateCompany } from "./CreateCompany";
import { FirstRun } from "./FirstRun";
import { JoinCentre } from "./JoinCentre";
import { Recovery } from "./Recovery";

/** Before there is a shop to sign in to: begin one, join one, or bring a damaged one back. */
export default function Start({ status }: { status: StartStatus }) {
  const [way, setWay] = useState<"create" | "join" | "bring" | null>(null);
  const isEmpty = status.state === "empty";
  // A machine that was cut off while it joined goes on with that.
  const joining = useRead("sync.joining", {}, { enabled: isEmpty });
  const back = () => setWay(null);
  if (!isEmpty) return <Recovery status={status} />;
  if (joining.data || way === "join") return <JoinCentre joining={joining} onBack={back} />;
  if (way === "create") return <CreateCompany onBack={back} />;
  if (way === "bring") return <BringCompany onBack={back} />;
  return (
    <FirstRun
      status={status}
      onCreate={() => setWay("create")}
      onJoin={() => setWay("join")}
      onBring={() => setWay("bring")}
    />
  );
}
