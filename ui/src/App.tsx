import { lazy, Suspense, useEffect, useState } from "react";
import { useRead } from "./api/call";
import { transport } from "./api/transport";
import { FailedState, Skeleton } from "./components";
import { LockScreen } from "./features/auth/LockScreen";
import { SignIn } from "./features/auth/SignIn";
import { Shell } from "./features/shell/Shell";
import { WebSignIn } from "./features/web/SignIn";
import { proposeLanguage } from "./text";

const Start = lazy(() => import("./features/start"));
const OlderData = lazy(() =>
  import("./features/start/OlderData").then(({ OlderData }) => ({ default: OlderData })),
);

/** Which face the window has: getting ready, sign-in, locked, a notice to be read, at work. */
export function App() {
  const status = useRead("start.status", {});
  const ready = status.data?.state === "ready";
  const seat = useRead("users.me", {}, { enabled: ready });
  const [readBy, setReadBy] = useState<string | null>(null);
  const shopLanguage = status.data?.language ?? null;
  useEffect(() => proposeLanguage(shopLanguage), [shopLanguage]);
  if (status.error) {
    return <FailedState problem={status.error} onRetry={() => void status.refetch()} />;
  }
  if (!status.data) return <Skeleton />;
  if (!ready) {
    return (
      <Suspense fallback={<Skeleton />}>
        <Start status={status.data} />
      </Suspense>
    );
  }
  if (seat.error) return <FailedState problem={seat.error} onRetry={() => void seat.refetch()} />;
  if (!seat.data) return <Skeleton />;
  if (!seat.data.me) return transport().browser ? <WebSignIn /> : <SignIn />;
  if (seat.data.locked) return <LockScreen me={seat.data.me} />;
  const { older } = status.data;
  const { me } = seat.data;
  if (older && readBy !== me.user_id) {
    return (
      <Suspense fallback={<Skeleton />}>
        <OlderData older={older} me={me} onGoOn={() => setReadBy(me.user_id)} />
      </Suspense>
    );
  }
  return <Shell key={seat.data.me.user_id} me={seat.data.me} />;
}
