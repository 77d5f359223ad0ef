import { useState } from "react";
import type { DrawerCount, Session } from "../../api/bindings";
import { CountDrawer } from "./CountDrawer";
import { Difference } from "./Difference";

/** The blind close: first the count is committed, then what should have been there is shown. */
export function CloseSession(props: {
  session: Session;
  denominations: readonly number[];
  onClose: () => void;
}) {
  const { session, denominations, onClose } = props;
  const [count, setCount] = useState<DrawerCount | null>(session.counted);
  return count ? (
    <Difference sessionId={session.session_id} count={count} onClose={onClose} />
  ) : (
    <CountDrawer
      sessionId={session.session_id}
      denominations={denominations}
      onCounted={setCount}
      onClose={onClose}
    />
  );
}
