import { renderHook } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { useIdle } from "./useIdle";

const MINUTE_MS = 60_000;

describe("a machine that nobody touches", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const watched = (minutes: number) => {
    const lock = vi.fn();
    const hook = renderHook(({ after }) => useIdle(after, lock), {
      initialProps: { after: minutes },
    });
    return { lock, ...hook };
  };

  it("is locked after the minutes of the settings, and every touch begins them anew", () => {
    const { lock } = watched(10);
    vi.advanceTimersByTime(9 * MINUTE_MS);
    window.dispatchEvent(new Event("keydown"));
    vi.advanceTimersByTime(9 * MINUTE_MS);
    expect(lock).not.toHaveBeenCalled();
    vi.advanceTimersByTime(MINUTE_MS);
    expect(lock).toHaveBeenCalledTimes(1);
  });

  it("follows the settings when they change, and 0 never locks", () => {
    const { lock, rerender } = watched(10);
    rerender({ after: 2 });
    vi.advanceTimersByTime(2 * MINUTE_MS);
    expect(lock).toHaveBeenCalledTimes(1);
    rerender({ after: 0 });
    vi.advanceTimersByTime(600 * MINUTE_MS);
    expect(lock).toHaveBeenCalledTimes(1);
  });
});
