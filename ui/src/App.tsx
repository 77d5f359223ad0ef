import { lazy, Suspense, useEffect } from "react";
import { useRead } from "./api/call";
import { transport } from "./api/transport";
import { FailedState, Skeleton } from "./components";
import { LockScreen } from "./features/auth/LockScreen";
import { SignIn } from "./features/auth/SignIn";
import { Shell } from "./features/shell/Shell";
import { WebSignIn } from "./features/web/SignIn";
import { proposeLanguage } from "./text";

const Start = lazy(() => import("./features/start"));

/** Which of the four faces the window has: getting ready, sign-in, locked, at work. */
export function App() {
  const status = useRead("start.status", {});
  const ready = status.data?.state === "ready";
  const seat = useRead("users.me", {}, { enabled: ready });
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
  return <Shell key={seat.data.me.user_id} me={seat.data.me} />;
}
